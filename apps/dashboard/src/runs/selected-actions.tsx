'use client';

import { Download } from 'lucide-react';
import { useState } from 'react';
import { readTags } from '#src/annotations/read-tags.ts';
import { type ExportFormat, exportUrl } from '#src/format/export-url.ts';
import { plural } from '#src/format/numbers.ts';
import { send } from '#src/graphql/browser.ts';
import { everyNode } from '#src/lists/every.ts';
import { useAction } from '#src/live/use-action.ts';
import { TrashButton, TrashDialog } from '#src/trash/move-to-trash.tsx';
import { Button } from '#src/ui/button.tsx';
import { TextField } from '#src/ui/field.tsx';
import { FormDialog } from '#src/ui/form.tsx';
import { Menu, MenuItem, MenuLink } from '#src/ui/menu.tsx';
import { Notice } from '#src/ui/notice.tsx';
import { addTags, cancelRuns, networksOfRuns, retryRuns } from './change-runs.ts';
import { saveFiles } from './save-files.ts';
import { idsFor, type SelectableRun } from './selected.ts';

/** An address holds no more of them. */
const MOST_IN_A_TABLE = 200;

/** What can be done with all of the ticked runs; each button says how many of them it is for. */
export function SelectedActions({
  runs,
  tags,
  canEdit,
  onDone,
}: {
  runs: readonly SelectableRun[];
  /** Of the team, to choose from. */
  tags: readonly string[];
  canEdit: boolean;
  onDone: () => void;
}) {
  const action = useAction();
  const [asking, setAsking] = useState(false);
  const ids = idsFor(runs);
  const all = runs.map(({ id }) => id);
  const then = async (done: Promise<object | null>) => {
    if (await done) onDone();
  };

  const download = () =>
    action.run(async () => {
      const page = async (after: string | null) =>
        (await send(networksOfRuns, { ids: ids.download, after })).runs;
      const nodes = await everyNode(await page(null), page);
      const urls = nodes.flatMap(({ result }) => result?.downloadUrl ?? []);
      await saveFiles(urls);
      const missing = nodes.length - urls.length;
      const message = `${plural(missing, 'run')} came without a network: only numbers are known.`;
      return { ok: missing === 0, errors: missing === 0 ? [] : [{ message }] };
    });

  return (
    <>
      {canEdit && ids.cancel.length > 0 && (
        <Button
          look="danger"
          disabled={action.pending}
          onClick={() => void then(action.mutate(cancelRuns, { ids: ids.cancel }))}
        >
          Cancel {plural(ids.cancel.length, 'run')}
        </Button>
      )}
      {canEdit && ids.retry.length > 0 && (
        <Button
          disabled={action.pending}
          onClick={() => void then(action.mutate(retryRuns, { ids: ids.retry }))}
        >
          Retry {plural(ids.retry.length, 'run')}
        </Button>
      )}
      {canEdit && <AddTags ids={all} known={tags} />}
      <Menu label="Download">
        {ids.download.length > 0 && (
          <MenuItem onSelect={() => void download()} disabled={action.pending}>
            <Download aria-hidden className="size-4 text-ink-soft" />
            {plural(ids.download.length, 'network')}
          </MenuItem>
        )}
        {all.length <= MOST_IN_A_TABLE &&
          TABLES.map(([format, words]) => (
            <MenuLink key={format} href={exportUrl('runs', format, { filter: { id: { in: all } } })}>
              <Download aria-hidden className="size-4 text-ink-soft" />
              Table of {plural(all.length, 'run')}, as {words}
            </MenuLink>
          ))}
      </Menu>
      {canEdit && (
        <>
          <TrashButton
            name={plural(ids.trash.length || all.length, 'run')}
            first={ids.trash.length > 0 ? undefined : 'cancel them'}
            onClick={() => setAsking(true)}
          />
          <TrashDialog
            ids={ids.trash}
            name={plural(ids.trash.length, 'run')}
            open={asking}
            onOpenChange={setAsking}
            onMoved={onDone}
          />
        </>
      )}
      {action.error && <Notice kind="error">{action.error}</Notice>}
    </>
  );
}

function AddTags({ ids, known }: { ids: readonly string[]; known: readonly string[] }) {
  const action = useAction();
  const add = async (data: FormData) => {
    const tags = readTags(String(data.get('tags')));
    return (await action.mutate(addTags, { ids: [...ids], tags })) !== null;
  };
  return (
    <FormDialog
      button="Tag"
      title={`Add tags to ${plural(ids.length, 'run')}`}
      submit="Add"
      disabled={action.pending}
      error={action.error}
      onSend={add}
    >
      <TextField label="Tags" hint="Separated by commas; others stay." name="tags" known={known} required />
    </FormDialog>
  );
}

const TABLES = [
  ['csv', 'CSV'],
  ['md', 'Markdown'],
] as const satisfies readonly (readonly [ExportFormat, string])[];
