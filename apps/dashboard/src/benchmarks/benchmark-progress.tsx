import { grouped } from '#src/format/numbers.ts';
import { Progress } from '#src/ui/progress.tsx';

interface Runs {
  readonly total: number;
  readonly finished: number;
  readonly failed: number;
}

/** How far a benchmark is: a bar while it goes on, words when it is over. */
export function BenchmarkProgress({ runs: { total, finished, failed } }: { runs: Runs }) {
  const failures = failed > 0 ? `, ${grouped(failed)} failed or cancelled` : '';
  if (finished + failed >= total) return <span>{`${grouped(finished)} finished${failures}`}</span>;
  return (
    <span className="flex flex-wrap items-center gap-x-3">
      <span className="w-40">
        <Progress done={finished + failed} total={total} label="Runs that are over" />
      </span>
      <span className="text-ink-soft">{`${grouped(finished)} of ${grouped(total)}${failures}`}</span>
    </span>
  );
}
