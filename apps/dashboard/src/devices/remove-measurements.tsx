'use client';

import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { graphql } from '#src/graphql/graphql.ts';
import { useAction } from '#src/live/use-action.ts';
import { Button, IconButton } from '#src/ui/button.tsx';
import { Dialog } from '#src/ui/dialog.tsx';
import { Notice } from '#src/ui/notice.tsx';

const removeMeasurements = graphql(`
  mutation RemoveMeasurements($id: ID!) {
    removeMeasurements(input: { measurementId: $id }) { ok errors { message } }
  }
`);

/** For good, with what was measured in the same turns. */
export function RemoveMeasurements({ id, name }: { id: string; name: string }) {
  const action = useAction();
  const [open, setOpen] = useState(false);
  const remove = async () => {
    if (await action.mutate(removeMeasurements, { id })) setOpen(false);
  };
  return (
    <>
      <IconButton label={`Remove the measurement of ${name}`} onClick={() => setOpen(true)}>
        <Trash2 aria-hidden className="size-4" />
      </IconButton>
      <Dialog open={open} onOpenChange={setOpen} title={`Remove the measurement of ${name}?`}>
        <p className="text-ink-soft">
          It is deleted for good, with all that was measured together with it. The same file can be sent
          again.
        </p>
        <div className="mt-4 grid gap-3">
          {action.error && <Notice kind="error">{action.error}</Notice>}
          <div className="flex justify-end gap-2">
            <Button onClick={() => setOpen(false)}>Keep it</Button>
            <Button look="danger" disabled={action.pending} onClick={() => void remove()}>
              Remove
            </Button>
          </div>
        </div>
      </Dialog>
    </>
  );
}
