'use client';

import { graphql } from '#src/graphql/graphql.ts';
import { useAction } from '#src/live/use-action.ts';
import { Button } from '#src/ui/button.tsx';
import { Notice } from '#src/ui/notice.tsx';

const setShipped = graphql(`
  mutation SetShipped($runId: ID!, $shipped: Boolean!) {
    setShipped(input: { runId: $runId, shipped: $shipped }) { ok errors { message } }
  }
`);

/** Marks that a network was put to use, or takes the mark away. */
export function ShipRun({ runId, isShipped }: { runId: string; isShipped: boolean }) {
  const action = useAction();
  return (
    <>
      {action.error && <Notice kind="error">{action.error}</Notice>}
      <Button
        disabled={action.pending}
        onClick={() => void action.mutate(setShipped, { runId, shipped: !isShipped })}
      >
        {isShipped ? 'Not shipped any more' : 'Mark as shipped'}
      </Button>
    </>
  );
}
