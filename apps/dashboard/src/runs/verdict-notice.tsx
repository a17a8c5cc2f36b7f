import { ButtonLink } from '#src/ui/button.tsx';
import { Notice } from '#src/ui/notice.tsx';
import type { RunDetail } from './run-page-query.ts';
import { verdictOf } from './verdict.ts';

/** What stands against shipping this network, and the next step. */
export function VerdictNotice({ run, canEdit }: { run: RunDetail; canEdit: boolean }) {
  if (!run.result) return null;
  const { warnings, shouldTune } = verdictOf(run.result, run.experiment.recipe !== null);
  const offers = shouldTune && canEdit && run.origin === 'ESPALIER';
  if (warnings.length === 0 && !offers) return null;
  return (
    <div className="mb-4">
      <Notice>
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <div>
            {warnings.map((warning) => (
              <p key={warning} className="font-medium text-ink">
                {warning}
              </p>
            ))}
            {offers && <p>It was not fine-tuned yet: training wins back much of what a cut loses.</p>}
          </div>
          {offers && <ButtonLink href={`/experiments/new?tune=${run.id}`}>Fine-tune this one</ButtonLink>}
        </div>
      </Notice>
    </div>
  );
}
