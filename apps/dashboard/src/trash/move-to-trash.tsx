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

/** Takes one thing out of sight, until it is restored or purged, and goes `back` to where it was listed. */
export function MoveToTrash({
  id,
  name,
  back,
  first,
}: {
  id: string;
  name: string;
  back: string;
  /** What has to be done before: "cancel the run". Left out where nothing has to. */
  first?: string | undefined;
}) {
  const router = useRouter();
  const [open, setOpen] = useState(false);
  return (
    <>
      <TrashButton name={name} first={first} onClick={() => setOpen(true)} />
      <TrashDialog
        ids={[id]}
        name={name}
        open={open}
        onOpenChange={setOpen}
        onMoved={() => router.push(back)}
      />
    </>
  );
}

/** A bin; one that cannot be used yet says what has to be done before. */
export function TrashButton({
  name,
  first,
  onClick,
}: {
  name: string;
  first: string | undefined;
  onClick: () => void;
}) {
  return (
    <IconButton
      label={`Move ${name} to the trash${first ? `: ${first} first` : ''}`}
      disabled={first !== undefined}
      className="disabled:cursor-not-allowed disabled:opacity-50"
      onClick={onClick}
    >
      <Trash2 aria-hidden className="size-4" />
    </IconButton>
  );
}

/** Asks before things go into the trash, all of them or none. */
export function TrashDialog({
  ids,
  name,
  open,
  onOpenChange,
  onMoved,
}: {
  ids: readonly string[];
  /** "this run", "3 runs" */
  name: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onMoved: () => void;
}) {
  const action = useAction();
  const them = ids.length === 1 ? 'it' : 'them';
  const move = async () => {
    if (!(await action.mutate(moveToTrash, { ids: [...ids] }))) return;
    onOpenChange(false);
    onMoved();
  };
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={`Move ${name} to the trash?`}>
      <p className="text-ink-soft">
        {ids.length === 1 ? 'It goes' : 'They go'} out of sight with all that lies in {them}. The trash keeps{' '}
        {them} until somebody restores {them}, or an admin deletes {them} for good.
      </p>
      <div className="mt-4 grid gap-3">
        {action.error && <Notice kind="error">{action.error}</Notice>}
        <div className="flex justify-end gap-2">
          <Button onClick={() => onOpenChange(false)}>Keep {them}</Button>
          <Button look="danger" disabled={action.pending} onClick={() => void move()}>
            {action.pending ? 'Moving …' : 'Move to the trash'}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
