'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { graphql } from '#src/graphql/graphql.ts';
import { entriesOf } from '#src/live/entry.ts';
import { errorsAt } from '#src/live/refusal.ts';
import { useAction } from '#src/live/use-action.ts';
import { type Limits, limitsWords } from '#src/settings/limits.ts';
import { LIMIT_PATHS, LimitsFields } from '#src/settings/limits-fields.tsx';
import { Folded, NumberField, TextField } from '#src/ui/field.tsx';
import { FormDialog } from '#src/ui/form.tsx';

const cloneExperiment = graphql(`
  mutation CloneExperiment($input: CloneExperimentInput!) {
    cloneExperiment(input: $input) { ok errors { message path } experiment { id } }
  }
`);

const PATHS = ['name', 'samples', 'seed', 'repair', ...LIMIT_PATHS];

/** An experiment like this one, without its runs, with what is to be different. */
export function CloneExperiment({
  id,
  name,
  samples,
  seed,
  repair,
  limits,
  device,
}: {
  id: string;
  name: string;
  samples: number;
  seed: number;
  /** Training images; 0 for none. */
  repair: number;
  limits: Limits;
  /** By whose profile latency is known; null for none. */
  device: string | null;
}) {
  const router = useRouter();
  const action = useAction();
  const [draft, setDraft] = useState({ name: `${name} (copy)`, samples, seed, repair, limits });
  const change = (part: Partial<typeof draft>) => setDraft((before) => ({ ...before, ...part }));
  const errorAt = errorsAt(action.refusals, PATHS);
  const entry = entriesOf(draft, change, errorAt);

  const clone = async () => {
    const cloned = await action.mutate(cloneExperiment, { input: { id, ...draft } });
    if (cloned?.experiment) router.push(`/experiments/${cloned.experiment.id}`);
    return cloned !== null;
  };

  return (
    <FormDialog
      button="Clone"
      title="An experiment like this one"
      onSend={clone}
      submit="Create experiment"
      disabled={action.pending}
      error={errorAt('')}
    >
      <TextField label="Name" required {...entry('name')} />
      <div className="grid grid-cols-2 gap-3">
        <NumberField label="Images sampled" min={1} {...entry('samples')} />
        <NumberField label="Seed of the sample" {...entry('seed')} />
        <NumberField label="Repair images" hint="0 for none" {...entry('repair')} />
      </div>
      <Folded title="Limits on widths" open={limitsWords(limits) !== ''}>
        <LimitsFields
          limits={draft.limits}
          groups={limits.keep}
          errorAt={errorAt}
          onChange={(limits) => change({ limits })}
        />
      </Folded>
      <p className="text-ink-soft">
        Model, data set, ratios and recipe are those of {name}; its runs stay there.
        {device !== null && ` Latency is known by the same profile: ${device}.`}
      </p>
    </FormDialog>
  );
}
