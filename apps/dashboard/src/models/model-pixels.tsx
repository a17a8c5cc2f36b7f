'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { graphql } from '#src/graphql/graphql.ts';
import { errorsAt } from '#src/live/refusal.ts';
import { useAction } from '#src/live/use-action.ts';
import { Button } from '#src/ui/button.tsx';
import { FactsTable } from '#src/ui/facts-table.tsx';
import { TextField } from '#src/ui/field.tsx';
import { Form } from '#src/ui/form.tsx';
import { InputPreview } from './input-preview.tsx';
import { type Pixels, preprocessingOf } from './pixels.ts';
import { PixelsFields } from './pixels-fields.tsx';
import { pixelFacts, pixelsOf, type Told } from './told-pixels.ts';

const setPreprocessing = graphql(`
  mutation SetPreprocessing($modelId: ID!, $preprocessing: JSONObject, $newName: String) {
    setPreprocessing(input: { modelId: $modelId, preprocessing: $preprocessing, newName: $newName }) {
      ok
      errors { message path }
      model { id }
    }
  }
`);

/** How pixels become the input of a model: told, shown on an image, and changed. */
export function ModelPixels({ id, told, canEdit }: { id: string; told: Told; canEdit: boolean }) {
  const [edited, setEdited] = useState<Pixels | null>(null);
  const [previewed, setPreviewed] = useState(false);
  if (edited) return <EditPixels id={id} first={edited} onDone={() => setEdited(null)} />;
  return (
    <div className="grid gap-4">
      {told.input ? (
        <FactsTable facts={pixelFacts(told)} />
      ) : (
        <p className="text-ink-soft">Nothing says it: runs take the usual values of their data set.</p>
      )}
      {told.inFile && (
        <p className="text-ink-soft">
          The file itself says it. To change it, change the file and upload that.
        </p>
      )}
      <div className="flex gap-2">
        {!previewed && <Button onClick={() => setPreviewed(true)}>Preview on an image</Button>}
        {canEdit && !told.inFile && (
          <Button onClick={() => setEdited(pixelsOf(told))}>Change preprocessing</Button>
        )}
      </div>
      {previewed && <InputPreview model={id} preprocessing={() => null} />}
    </div>
  );
}

function EditPixels({ id, first, onDone }: { id: string; first: Pixels; onDone: () => void }) {
  const router = useRouter();
  const action = useAction();
  const [pixels, setPixels] = useState(first);
  const [newName, setNewName] = useState('');
  const [wrong, setWrong] = useState<string | null>(null);
  const errorAt = errorsAt(action.refusals, ['newName']);

  async function save(): Promise<void> {
    setWrong(null);
    let preprocessing: Record<string, unknown> | null;
    try {
      preprocessing = preprocessingOf(pixels);
    } catch (problem) {
      setWrong(problem instanceof Error ? problem.message : String(problem));
      return;
    }
    const name = newName.trim() || null;
    const answer = await action.mutate(setPreprocessing, { modelId: id, preprocessing, newName: name });
    if (!answer?.model) return;
    onDone();
    if (answer.model.id !== id) router.push(`/models/${answer.model.id}`);
  }

  return (
    <Form onSend={save} error={wrong ?? errorAt('')} className="grid gap-4">
      <PixelsFields
        pixels={pixels}
        unsaid="not said: usual values of the data set"
        onChange={(part) => {
          action.forget();
          setPixels({ ...pixels, ...part });
        }}
      />
      {pixels.values !== 'file' && <InputPreview model={id} preprocessing={() => preprocessingOf(pixels)} />}
      <div className="max-w-md">
        <TextField
          label="Save as a new model"
          hint="its name; left out: this model is changed, which it can be until something was computed with it"
          value={newName}
          error={errorAt('newName')}
          onChange={(name) => {
            action.forget();
            setNewName(name);
          }}
        />
      </div>
      <div className="flex gap-2">
        <Button type="submit" look="primary" disabled={action.pending}>
          Save preprocessing
        </Button>
        <Button onClick={onDone}>Cancel</Button>
      </div>
    </Form>
  );
}
