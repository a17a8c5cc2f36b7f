'use client';

import { useState } from 'react';
import { graphql, type VariablesOf } from '#src/graphql/graphql.ts';
import { useAction } from '#src/live/use-action.ts';
import { LASTING, lastsUntil } from '#src/team/key-rights.ts';
import { ShownOnce } from '#src/team/shown-once.tsx';
import { Button } from '#src/ui/button.tsx';
import { Dialog } from '#src/ui/dialog.tsx';
import { ChoiceField } from '#src/ui/field.tsx';
import { Form } from '#src/ui/form.tsx';

const createLink = graphql(`
  mutation CreatePublicLink($kind: PublicLinkKind!, $id: ID, $filter: RunFilter, $expiresAt: DateTimeISO) {
    createPublicLink(input: { kind: $kind, id: $id, filter: $filter, expiresAt: $expiresAt }) {
      ok errors { message } link
    }
  }
`);

/** What is shared: a run or an experiment by its id, a comparison by its filter. */
type Shared = Pick<VariablesOf<typeof createLink>, 'kind' | 'id' | 'filter'>;

/** Makes the report of something readable for anybody who has the link. */
export function Share({ of }: { of: Shared }) {
  const action = useAction();
  const [open, setOpen] = useState(false);
  const [link, setLink] = useState<string | null>(null);

  async function make(form: FormData): Promise<void> {
    const expiresAt = lastsUntil(String(form.get('lasts')));
    setLink((await action.mutate(createLink, { ...of, expiresAt }))?.link ?? null);
  }

  return (
    <>
      <Button onClick={() => setOpen(true)}>Share</Button>
      <Dialog
        open={open}
        onOpenChange={(now) => {
          setOpen(now);
          setLink(null);
        }}
        title="Share the report by a public link"
      >
        <p className="mb-3 text-ink-soft">
          Anybody who has the link reads the report as it is now, without signing in: names, results and
          hashes, no notes, no tags, nothing that comes later. The team’s page lists and revokes links.
        </p>
        {link ? (
          <ShownOnce name="Public link" secret={link} />
        ) : (
          <Form onSend={make} submit="Make a link" disabled={action.pending} error={action.error}>
            <ChoiceField label="Good for" name="lasts" options={LASTING} defaultValue="30" />
          </Form>
        )}
      </Dialog>
    </>
  );
}
