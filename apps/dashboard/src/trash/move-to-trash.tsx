'use client';

import { Trash2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { graphql } from '#src/graphql/graphql.ts';
import { useAction } from '#src/live/use-action.ts';
import { Button, IconButton } from '#src/ui/button.tsx';
import { Dialog } from '#src/ui/dialog.tsx';
import { Notice } from '#src/ui/notice.tsx';

const moveToTrash = graphql(`
  mutation MoveToTrash($ids: [ID!]!) {
    moveToTrash(input: { ids: $ids }) { ok errors { message } }
  }
`);

/** Out of sight, until it is restored or purged. */
export function MoveToTrash({ id, name, back }: { id: string; name: string; back: string }) {
  const router = useRouter();
  const action = useAction();
  const [open, setOpen] = useState(false);
  const move = async () => {
    const moved = await action.mutate(moveToTrash, { ids: [id] });
    if (moved) router.push(back);
  };
  return (
    <>
      <IconButton label={`Move ${name} to the trash`} onClick={() => setOpen(true)}>
        <Trash2 aria-hidden className="size-4" />
      </IconButton>
      <Dialog open={open} onOpenChange={setOpen} title={`Move ${name} to the trash?`}>
        <p className="text-ink-soft">
          It goes out of sight with all that lies in it. The trash keeps it until somebody restores it, or an
          admin deletes it for good.
        </p>
        <div className="mt-4 grid gap-3">
          {action.error && <Notice kind="error">{action.error}</Notice>}
          <div className="flex justify-end gap-2">
            <Button onClick={() => setOpen(false)}>Keep it</Button>
            <Button look="danger" disabled={action.pending} onClick={() => void move()}>
              Move to the trash
            </Button>
          </div>
        </div>
      </Dialog>
    </>
  );
}
