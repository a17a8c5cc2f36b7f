'use client';

import { useState } from 'react';
import { graphql } from '#src/graphql/graphql.ts';
import { errorsAt } from '#src/live/refusal.ts';
import { useAction } from '#src/live/use-action.ts';
import { NumberField } from '#src/ui/field.tsx';
import { FormDialog } from '#src/ui/form.tsx';

const recomputeRun = graphql(`
  mutation RecomputeRun($input: RecomputeRunInput!) {
    recomputeRun(input: $input) { ok errors { message path } }
  }
`);

/** Has a worker evaluate the network of an imported run again. */
export function RecomputeRun({ runId, again }: { runId: string; again: boolean }) {
  const action = useAction();
  const [images, setImages] = useState(0);
  const errorAt = errorsAt(action.refusals, ['images']);
  const start = async () => {
    const input = { runId, images: images > 0 ? images : null };
    return (await action.mutate(recomputeRun, { input })) !== null;
  };
  return (
    <FormDialog
      button={again ? 'Recompute again' : 'Recompute'}
      title="Evaluate this network here"
      onSend={start}
      submit="Recompute"
      disabled={action.pending}
      error={errorAt('')}
    >
      <p className="text-ink-soft">
        A worker evaluates the network that was sent on test images of the platform. What it finds is kept
        beside what was told, with the difference.
      </p>
      <NumberField
        label="Test images"
        hint="0 for all of them. Fewer are drawn, always the same ones."
        step={1}
        value={images}
        error={errorAt('images')}
        onChange={setImages}
      />
    </FormDialog>
  );
}
