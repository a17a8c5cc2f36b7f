'use client';

import { Pencil } from 'lucide-react';
import { useState } from 'react';
import { graphql } from '#src/graphql/graphql.ts';
import { useAction } from '#src/live/use-action.ts';
import { Button, IconButton } from '#src/ui/button.tsx';
import { Dialog } from '#src/ui/dialog.tsx';
import { TextField } from '#src/ui/field.tsx';
import { Form } from '#src/ui/form.tsx';
import { Notice } from '#src/ui/notice.tsx';

const rename = graphql(`
  mutation Rename($id: ID!, $name: String!) {
    rename(input: { id: $id, name: $name }) { ok errors { message } }
  }
`);

/** Gives another name to anything that has one. */
export function Rename({ id, name }: { id: string; name: string }) {
  const action = useAction();
  const [edited, setEdited] = useState<string | null>(null);
  const save = async () => {
    if (edited !== null && (await action.mutate(rename, { id, name: edited }))) setEdited(null);
  };
  return (
    <>
      <IconButton label={`Rename ${name}`} onClick={() => setEdited(name)}>
        <Pencil aria-hidden className="size-4" />
      </IconButton>
      <Dialog open={edited !== null} onOpenChange={() => setEdited(null)} title={`Rename ${name}`}>
        <Form onSend={save} className="grid gap-3">
          <TextField label="Name" required value={edited ?? ''} onChange={setEdited} />
          {action.error && <Notice kind="error">{action.error}</Notice>}
          <div className="flex justify-end gap-2">
            <Button onClick={() => setEdited(null)}>Cancel</Button>
            <Button type="submit" look="primary" disabled={action.pending}>
              Rename
            </Button>
          </div>
        </Form>
      </Dialog>
    </>
  );
}
