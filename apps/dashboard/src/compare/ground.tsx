import { plural } from '#src/format/numbers.ts';
import { Notice } from '#src/ui/notice.tsx';
import { type ComparedRun, commonGround } from './runs.ts';

/** What all runs of a comparison have in common and what not. */
export function Ground({ runs }: { runs: readonly ComparedRun[] }) {
  const { same, different } = commonGround(runs);
  const kinds = (of: (run: ComparedRun) => string) => new Set(runs.map(of)).size;
  const [experiments, models] = [kinds(({ experimentId }) => experimentId), kinds(({ modelId }) => modelId)];
  return (
    <Notice>
      {[
        same.length > 0 ? `Same ${listed(same)}.` : '',
        different.length > 0 ? `Different ${listed(different)}.` : '',
        experiments > 1
          ? `They are of ${plural(experiments, 'experiment')} and ${plural(models, 'model')}.`
          : '',
      ]
        .filter(Boolean)
        .join(' ')}
    </Notice>
  );
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
