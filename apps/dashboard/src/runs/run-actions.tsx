'use client';

import { shortFormat } from '#src/format/model-format.ts';
import { canRetry, isOver } from '#src/format/status.ts';
import { graphql } from '#src/graphql/graphql.ts';
import { useAction } from '#src/live/use-action.ts';
import { Share } from '#src/public/share.tsx';
import { MoveToTrash } from '#src/trash/move-to-trash.tsx';
import { Button } from '#src/ui/button.tsx';
import { DownloadLink } from '#src/ui/download-link.tsx';
import { Notice } from '#src/ui/notice.tsx';
import { cancelRuns, retryRuns } from './change-runs.ts';
import { CloneRun, type Methods } from './clone-run.tsx';
import { RecomputeRun } from './recompute-run.tsx';
import type { RunDetail } from './run-page-query.ts';
import { ShipRun } from './ship-run.tsx';

const cancelRecomputation = graphql(`
  mutation CancelRecomputation($id: ID!) {
    cancelRecomputation(input: { runId: $id }) { ok errors { message } }
  }
`);

/** What can be done with a run as it stands. */
export function RunActions({
  run,
  canEdit,
  methods,
}: {
  run: RunDetail;
  canEdit: boolean;
  methods: Methods;
}) {
  const action = useAction();
  return (
    <>
      {action.error && <Notice kind="error">{action.error}</Notice>}
      {canEdit && !isOver(run.state) && (
        <Button
          look="danger"
          disabled={action.pending}
          onClick={() => action.mutate(cancelRuns, { ids: [run.id] })}
        >
          {action.pending ? 'Cancelling …' : 'Cancel run'}
        </Button>
      )}
      {canEdit && canRetry(run) && (
        <Button disabled={action.pending} onClick={() => action.mutate(retryRuns, { ids: [run.id] })}>
          Retry
        </Button>
      )}
      {canEdit && run.origin === 'ESPALIER' && <CloneRun run={run} methods={methods} />}
      {canEdit && isRecomputing(run) && (
        <Button
          look="danger"
          disabled={action.pending}
          onClick={() => action.mutate(cancelRecomputation, { id: run.id })}
        >
          Cancel evaluation
        </Button>
      )}
      {canEdit && canRecompute(run) && (
        <RecomputeRun runId={run.id} again={run.result?.recomputed !== null} />
      )}
      {canEdit && (
        <MoveToTrash
          id={run.id}
          name="this run"
          back={`/experiments/${run.experiment.id}`}
          first={isOver(run.state) ? undefined : 'cancel the run'}
        />
      )}
      {run.result && (
        <>
          <DownloadLink url={`/files/report/runs/${run.id}.html`} label="Report" />
          <DownloadLink url={`/runs/${run.id}/card.md`} label="Model card" />
          {canEdit && <Share of={{ kind: 'RUN', id: run.id }} />}
          {canEdit && run.result.sha256 && <ShipRun runId={run.id} isShipped={run.shipped !== null} />}
          <DownloadLink
            url={`/runs/${run.id}/result.json`}
            label="JSON"
            className="border border-line-strong bg-surface hover:bg-hover"
          />
          {run.result.repaired && (
            <DownloadLink
              url={run.result.repaired.downloadUrl}
              label="Repaired ONNX"
              className="border border-line-strong bg-surface hover:bg-hover"
            />
          )}
          {run.result.downloadUrl && (
            <DownloadLink
              url={run.result.downloadUrl}
              label={`Download ${shortFormat(run.result.format)}`}
              className="bg-accent text-accent-ink hover:bg-accent-hover"
            />
          )}
        </>
      )}
    </>
  );
}

/** The network of an imported one, where no worker is at it already. */
function canRecompute(run: RunDetail): boolean {
  return run.origin === 'EXTERNAL' && typeof run.result?.sha256 === 'string' && !isRecomputing(run);
}

function isRecomputing({ recomputation }: RunDetail): boolean {
  return recomputation?.state === 'WAITING' || recomputation?.state === 'RUNNING';
}
