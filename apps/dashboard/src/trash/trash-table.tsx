'use client';

import { type ReactNode, useState } from 'react';
import { bytes, plural } from '#src/format/numbers.ts';
import { graphql } from '#src/graphql/graphql.ts';
import { useAction } from '#src/live/use-action.ts';
import { kindOf, pageOf } from '#src/things/kind.ts';
import { Button } from '#src/ui/button.tsx';
import { DataTable } from '#src/ui/data-table.tsx';
import { Dialog } from '#src/ui/dialog.tsx';
import { Notice } from '#src/ui/notice.tsx';
import { TextLink } from '#src/ui/text-link.tsx';
import type { TrashItem } from './trash-query.ts';

const restore = graphql(`
  mutation Restore($ids: [ID!]!) {
    restore(input: { ids: $ids }) { ok errors { message } }
  }
`);

const purge = graphql(`
  mutation Purge($ids: [ID!]!) {
    purge(input: { ids: $ids }) { ok errors { message } purged { rows artifacts bytes } }
  }
`);

export function TrashTable({
  items,
  canEdit,
  canManage,
}: {
  items: readonly TrashItem[];
  canEdit: boolean;
  canManage: boolean;
}) {
  const action = useAction();
  const [doomed, setDoomed] = useState<TrashItem | null>(null);
  const [told, setTold] = useState<ReactNode>(null);

  const purgeIt = async (item: TrashItem) => {
    const done = await action.mutate(purge, { ids: [item.reference] });
    setDoomed(null);
    if (!done?.purged) return;
    const { rows, artifacts, bytes: freed } = done.purged;
    setTold(
      `${plural(rows, 'entry', 'entries')} and ${plural(artifacts, 'file')} are gone for good: ${bytes(freed)}.`,
    );
  };

  const restoreIt = async ({ reference, name }: TrashItem) => {
    if (!(await action.mutate(restore, { ids: [reference] }))) return;
    const page = pageOf(reference);
    setTold(<>Restored: {page ? <TextLink href={page}>{name}</TextLink> : name}</>);
  };

  return (
    <div className="grid gap-3">
      {action.error && <Notice kind="error">{action.error}</Notice>}
      {told && <Notice>{told}</Notice>}
      <DataTable
        caption="Deleted things"
        rows={items}
        keyOf={({ id }) => id}
        columns={[
          { name: 'Name', className: 'min-w-36 font-medium', cell: ({ name }) => name },
          { name: 'What', from: 'md', cell: ({ reference }) => kindOf(reference) },
          { name: 'Deleted', time: ({ deletedAt }) => deletedAt, from: 'md' },
          {
            name: 'Actions',
            unseen: true,
            right: true,
            cell: (item) => (
              <>
                {canEdit && (
                  <Button
                    look="quiet"
                    aria-label={`Restore ${item.name}`}
                    disabled={action.pending}
                    onClick={() => void restoreIt(item)}
                  >
                    Restore
                  </Button>
                )}
                {canManage && (
                  <Button
                    look="quiet"
                    aria-label={`Delete for good: ${item.name}`}
                    disabled={action.pending}
                    onClick={() => setDoomed(item)}
                  >
                    Delete for good
                  </Button>
                )}
              </>
            ),
          },
        ]}
      />
      <Dialog
        open={doomed !== null}
        onOpenChange={() => setDoomed(null)}
        title={`Delete ${doomed?.name ?? ''} for good?`}
      >
        <p className="text-ink-soft">
          All that lies in it or goes by it is deleted too. Nobody can bring it back.
        </p>
        <div className="mt-4 flex justify-end gap-2">
          <Button onClick={() => setDoomed(null)}>Keep it</Button>
          <Button look="danger" disabled={action.pending} onClick={() => doomed && void purgeIt(doomed)}>
            Delete for good
          </Button>
        </div>
      </Dialog>
    </div>
  );
}
