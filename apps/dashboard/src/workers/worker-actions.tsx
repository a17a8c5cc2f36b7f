'use client';

import { graphql } from '#src/graphql/graphql.ts';
import { useAction } from '#src/live/use-action.ts';
import { Button } from '#src/ui/button.tsx';
import { Notice } from '#src/ui/notice.tsx';

const drainWorker = graphql(`
  mutation DrainWorker($id: ID!) {
    drainWorker(input: { id: $id }) { ok errors { message } }
  }
`);

const resumeWorker = graphql(`
  mutation ResumeWorker($id: ID!) {
    resumeWorker(input: { id: $id }) { ok errors { message } }
  }
`);

/** Ends what it is at and takes nothing more, or takes work again. */
export function WorkerActions({ id, host, draining }: { id: string; host: string; draining: boolean }) {
  const action = useAction();
  return (
    <>
      <Button
        look="quiet"
        aria-label={`${draining ? 'Resume' : 'Drain'} ${host}`}
        title={draining ? 'It takes work again' : 'It ends what it is at and takes nothing more'}
        disabled={action.pending}
        onClick={() =>
          void (draining ? action.mutate(resumeWorker, { id }) : action.mutate(drainWorker, { id }))
        }
      >
        {draining ? 'Resume' : 'Drain'}
      </Button>
      {action.error && <Notice kind="error">{action.error}</Notice>}
    </>
  );
}
