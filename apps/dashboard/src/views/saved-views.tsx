'use client';

import { Trash2, Users } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { plural } from '#src/format/numbers.ts';
import { graphql, type ResultOf } from '#src/graphql/graphql.ts';
import { useAction } from '#src/live/use-action.ts';
import { IconButton } from '#src/ui/button.tsx';
import { Dialog } from '#src/ui/dialog.tsx';
import { TextField, Tick } from '#src/ui/field.tsx';
import { Form } from '#src/ui/form.tsx';
import { Menu, MenuItem, MenuLabel } from '#src/ui/menu.tsx';
import { Notice } from '#src/ui/notice.tsx';
import type { viewRow } from './view-row.ts';

const createSavedView = graphql(`
  mutation CreateSavedView($input: CreateSavedViewInput!) {
    createSavedView(input: $input) { ok errors { message } }
  }
`);

const deleteSavedView = graphql(`
  mutation DeleteSavedView($id: ID!) {
    deleteSavedView(input: { id: $id }) { ok errors { message } }
  }
`);

export type View = ResultOf<typeof viewRow>;

/** What people set up on a page and kept under a name, for themselves or for the team: its address, no more. */
export function SavedViews({
  page,
  views,
  canShare,
}: {
  /** Its name and address: `runs` is at /runs. */
  page: string;
  views: readonly View[];
  canShare: boolean;
}) {
  const router = useRouter();
  const action = useAction();
  const [dialog, setDialog] = useState<'save' | 'manage' | null>(null);
  const [name, setName] = useState('');
  const [shared, setShared] = useState(false);

  const save = async () => {
    // The address is the view; where in a list one is does not belong to it.
    const address = new URLSearchParams(location.search);
    address.delete('after');
    const input = { page, name: name.trim(), shared, state: { query: address.toString() } };
    const saved = await action.mutate(createSavedView, { input });
    if (!saved) return;
    setDialog(null);
    setName('');
  };

  return (
    <>
      <Menu label="Views">
        {views.length > 0 && <MenuLabel>{plural(views.length, 'view')}</MenuLabel>}
        {views.map((view) => (
          <MenuItem key={view.id} onSelect={() => router.push(`/${page}?${queryOf(view)}`)}>
            <span className="flex-1">{view.name}</span>
            {view.shared && <Users aria-label="of the team" className="size-4 text-ink-soft" />}
          </MenuItem>
        ))}
        {views.length === 0 && <MenuLabel>A view keeps filters, order and columns.</MenuLabel>}
        <MenuItem onSelect={() => setDialog('save')}>Save this view…</MenuItem>
        {views.some(({ viewerCanEdit }) => viewerCanEdit) && (
          <MenuItem onSelect={() => setDialog('manage')}>Delete views…</MenuItem>
        )}
      </Menu>
      <Dialog open={dialog === 'save'} onOpenChange={() => setDialog(null)} title="Save this view">
        <Form onSend={save} submit="Save view" disabled={action.pending} error={action.error}>
          <TextField label="Name of the view" required maxLength={100} value={name} onChange={setName} />
          {canShare && <Tick label="For the whole team" checked={shared} onChange={setShared} />}
        </Form>
      </Dialog>
      <Dialog open={dialog === 'manage'} onOpenChange={() => setDialog(null)} title="Delete views">
        {action.error && <Notice kind="error">{action.error}</Notice>}
        <ul>
          {views
            .filter(({ viewerCanEdit }) => viewerCanEdit)
            .map((view) => (
              <li key={view.id} className="flex items-center justify-between border-b border-line py-1">
                {view.name}
                <IconButton
                  label={`Delete ${view.name}`}
                  onClick={() => void action.mutate(deleteSavedView, { id: view.id })}
                >
                  <Trash2 aria-hidden className="size-4" />
                </IconButton>
              </li>
            ))}
        </ul>
      </Dialog>
    </>
  );
}

function queryOf({ state }: View): string {
  return typeof state.query === 'string' ? state.query : '';
}
