'use client';

import { clsx } from 'clsx';
import { Pencil } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { graphql } from '#src/graphql/graphql.ts';
import { useAction } from '#src/live/use-action.ts';
import { Button } from '#src/ui/button.tsx';
import { TextAreaField, TextField } from '#src/ui/field.tsx';
import { Form } from '#src/ui/form.tsx';
import { Notice } from '#src/ui/notice.tsx';
import { Tags } from '#src/ui/tags.tsx';
import { readTags } from './read-tags.ts';

const annotate = graphql(`
  mutation Annotate($ids: [ID!]!, $tags: [String!]!, $notes: String!) {
    setTags(input: { ids: $ids, tags: $tags }) { ok errors { message } }
    setNotes(input: { ids: $ids, notes: $notes }) { ok errors { message } }
  }
`);

/**
 * What people wrote on a run, an experiment or a model.
 *
 * @param notes as they were written
 * @param children the notes as they are shown
 */
export function Annotations({
  id,
  tags,
  notes,
  children,
  known,
  canEdit,
  className,
}: {
  id: string;
  tags: readonly string[];
  notes: string;
  children: ReactNode;
  known: readonly string[];
  canEdit: boolean;
  className?: string;
}) {
  const [edited, setEdited] = useState<{ tags: string; notes: string } | null>(null);
  const [saved, setSaved] = useState({ tags, notes });
  const action = useAction();
  // What was saved is shown at once: the page that has it comes later.
  const isAhead = action.pending;
  const shown = isAhead ? saved : { tags, notes };

  if (!edited) {
    if (!canEdit && shown.tags.length === 0 && shown.notes === '') return null;
    return (
      <div className={clsx('flex flex-wrap items-start gap-x-4 gap-y-2', className)}>
        {shown.tags.length > 0 && <Tags tags={shown.tags} />}
        {isAhead ? <p className="whitespace-pre-line">{shown.notes}</p> : children}
        {canEdit && (
          <button
            type="button"
            onClick={() => setEdited({ tags: shown.tags.join(', '), notes: shown.notes })}
            className="inline-flex items-center gap-1.5 text-ink-soft hover:text-ink hover:underline"
          >
            <Pencil aria-hidden className="size-3.5" />
            {shown.tags.length > 0 || shown.notes ? 'Edit tags and notes' : 'Add tags or notes'}
          </button>
        )}
      </div>
    );
  }
  const save = async () => {
    const next = { tags: readTags(edited.tags), notes: edited.notes };
    if (!(await action.mutate(annotate, { ids: [id], ...next }))) return;
    setSaved(next);
    setEdited(null);
  };
  return (
    <Form onSend={save} className={clsx('grid max-w-3xl gap-3', className)}>
      <TextField
        label="Tags"
        hint="Separated by commas"
        known={known}
        value={edited.tags}
        onChange={(tags) => setEdited({ ...edited, tags })}
      />
      <TextAreaField
        label="Notes"
        hint="Markdown"
        rows={4}
        value={edited.notes}
        onChange={(notes) => setEdited({ ...edited, notes })}
      />
      {action.error && <Notice kind="error">{action.error}</Notice>}
      <div className="flex gap-2">
        <Button type="submit" look="primary" disabled={action.pending}>
          {action.pending ? 'Saving …' : 'Save'}
        </Button>
        <Button onClick={() => setEdited(null)}>Cancel</Button>
      </div>
    </Form>
  );
}
