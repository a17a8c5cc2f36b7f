'use client';

import { Download } from 'lucide-react';
import { isOver } from '#src/format/status.ts';
import { send } from '#src/graphql/browser.ts';
import { graphql } from '#src/graphql/graphql.ts';
import { useAction } from '#src/live/use-action.ts';
import { Button } from '#src/ui/button.tsx';
import { Notice } from '#src/ui/notice.tsx';
import type { RunDetail } from './run-page-query.ts';

const cancelRun = graphql(`
  mutation CancelRun($id: ID!) {
    cancelRun(id: $id) { ok error { message } }
  }
`);

const retryRun = graphql(`
  mutation RetryRun($id: ID!) {
    retryRun(id: $id) { ok error { message } }
  }
`);

/** What can be done with a run as it stands. */
export function RunActions({ run, canEdit }: { run: RunDetail; canEdit: boolean }) {
  const action = useAction();
  const again = run.state === 'failed' || run.state === 'cancelled';
  return (
    <>
      {action.error && <Notice kind="error">{action.error}</Notice>}
      {canEdit && !isOver(run.state) && (
        <Button
          look="danger"
          disabled={action.pending}
          onClick={() => action.run(async () => (await send(cancelRun, { id: run.id })).cancelRun)}
        >
          Cancel run
        </Button>
      )}
      {canEdit && again && (
        <Button
          disabled={action.pending}
          onClick={() => action.run(async () => (await send(retryRun, { id: run.id })).retryRun)}
        >
          Retry
        </Button>
      )}
      {run.result && (
        <a
          href={`${run.result.downloadUrl}?${new URLSearchParams({ name: fileName(run) })}`}
          download
          className="inline-flex h-8 items-center gap-1.5 rounded-md bg-accent px-3 font-medium text-accent-ink hover:bg-accent-hover"
        >
          <Download aria-hidden className="size-4" />
          Download ONNX
        </a>
      )}
    </>
  );
}

/** What the file is called: the model, and what was done with it. */
function fileName({ experiment, allocation, metric, share }: RunDetail): string {
  return `${experiment.model.name}-${allocation}-${metric}-${share}`;
}
