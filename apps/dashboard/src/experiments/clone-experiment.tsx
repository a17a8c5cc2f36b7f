'use client';

import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { send } from '#src/graphql/browser.ts';
import { graphql } from '#src/graphql/graphql.ts';
import { useAction } from '#src/live/use-action.ts';
import { Button } from '#src/ui/button.tsx';
import { Dialog } from '#src/ui/dialog.tsx';
import { Field, Input } from '#src/ui/field.tsx';
import { Notice } from '#src/ui/notice.tsx';

const cloneExperiment = graphql(`
  mutation CloneExperiment($id: ID!, $edits: CloneExperimentInput!) {
    cloneExperiment(id: $id, edits: $edits) { ok error { message } experiment { id } }
  }
`);

/** An experiment like this one, without its runs, with what is to be different. */
export function CloneExperiment({
  id,
  name,
  samples,
  seed,
}: {
  id: string;
  name: string;
  samples: number;
  seed: number;
}) {
  const router = useRouter();
  const action = useAction();
  const [open, setOpen] = useState(false);
  const [draft, setDraft] = useState({
    name: `${name} (copy)`,
    samples: String(samples),
    seed: String(seed),
  });

  const clone = async (event: FormEvent) => {
    event.preventDefault();
    const edits = { name: draft.name.trim(), samples: Number(draft.samples), seed: Number(draft.seed) };
    const cloned = await action.run(async () => (await send(cloneExperiment, { id, edits })).cloneExperiment);
    if (cloned?.experiment) router.push(`/experiments/${cloned.experiment.id}`);
  };

  return (
    <>
      <Button onClick={() => setOpen(true)}>Clone</Button>
      <Dialog open={open} onOpenChange={setOpen} title="An experiment like this one">
        <form onSubmit={clone} className="grid gap-3">
          <Field label="Name">
            {(field) => (
              <Input
                {...field}
                required
                value={draft.name}
                onChange={(event) => setDraft({ ...draft, name: event.target.value })}
              />
            )}
          </Field>
          <div className="grid grid-cols-2 gap-3">
            <Field label="Images sampled">
              {(field) => (
                <Input
                  {...field}
                  type="number"
                  min={1}
                  required
                  value={draft.samples}
                  onChange={(event) => setDraft({ ...draft, samples: event.target.value })}
                />
              )}
            </Field>
            <Field label="Seed of the sample">
              {(field) => (
                <Input
                  {...field}
                  type="number"
                  min={0}
                  required
                  value={draft.seed}
                  onChange={(event) => setDraft({ ...draft, seed: event.target.value })}
                />
              )}
            </Field>
          </div>
          <p className="text-ink-soft">
            Model, data set, ratios and recipe are those of {name}; its runs stay there.
          </p>
          {action.error && <Notice kind="error">{action.error}</Notice>}
          <Button type="submit" look="primary" disabled={action.pending} className="justify-self-end">
            Create experiment
          </Button>
        </form>
      </Dialog>
    </>
  );
}
