'use client';

import { plural } from '#src/format/numbers.ts';
import { useAction } from '#src/live/use-action.ts';
import { Button } from '#src/ui/button.tsx';
import { Notice } from '#src/ui/notice.tsx';
import { TextLink } from '#src/ui/text-link.tsx';
import { retryRuns } from './change-runs.ts';
import type { Failure } from './failures.ts';

/** Why runs of an experiment failed, and the way to try them again. */
export function FailedRuns({ failures, canEdit }: { failures: readonly Failure[]; canEdit: boolean }) {
  const action = useAction();
  if (failures.length === 0) return null;
  return (
    <div className="mb-6 grid gap-2">
      {failures.map(({ reason, runs: [first, ...others], again }) => (
        <Notice key={reason} kind="error">
          <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
            <p>
              <TextLink href={`/runs/${first}`}>{plural(1 + others.length, 'run')}</TextLink> failed: {reason}
            </p>
            {canEdit && again.length > 0 && (
              <Button
                disabled={action.pending}
                onClick={() => void action.mutate(retryRuns, { ids: [...again] })}
              >
                Retry {plural(again.length, 'run')}
              </Button>
            )}
          </div>
        </Notice>
      ))}
      {action.error && <Notice kind="error">{action.error}</Notice>}
    </div>
  );
}
