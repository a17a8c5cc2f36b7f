'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { send } from '#src/graphql/browser.ts';
import { wordOf } from '#src/graphql/enum-words.ts';
import { errorsAt } from '#src/live/refusal.ts';
import { useAction } from '#src/live/use-action.ts';
import { Button } from '#src/ui/button.tsx';
import { ChoiceField, TextField } from '#src/ui/field.tsx';
import { Form } from '#src/ui/form.tsx';
import { Notice } from '#src/ui/notice.tsx';
import { ClassBalance } from './class-balance.tsx';
import {
  type ImageChoice,
  imagesInput,
  imagesWords,
  packedWords,
  STORED,
  sizeOptions,
} from './image-choice.ts';
import { type ImagesPreview, registerImages } from './images-query.ts';

type ValAs = 'TEST' | 'SEARCH' | 'BOTH';

const VAL = [
  { id: 'TEST', name: 'the test split (usual)' },
  { id: 'SEARCH', name: 'the search split' },
  { id: 'BOTH', name: 'half of each' },
] as const;

const CHANNELS = [
  { id: STORED, name: 'as stored' },
  { id: '3', name: 'colour' },
  { id: '1', name: 'grey' },
] as const;

/** An upload that the platform has looked at. */
export interface GivenImages {
  readonly uploadId: string;
  /** That is free. */
  readonly name: string;
  /** Null for a data set that is packed already. */
  readonly images: ImagesPreview | null;
}

/** What a data set of an upload would be, and the button that makes it. */
export function ImagesForm({ given, onCancel }: { given: GivenImages; onCancel: () => void }) {
  const router = useRouter();
  const action = useAction();
  const { uploadId } = given;
  const [name, setName] = useState(given.name);
  const [preview, setPreview] = useState(given.images);
  const [valAs, setValAs] = useState<ValAs>('TEST');
  const [choice, setChoice] = useState<ImageChoice>({
    size: (preview && sizeOptions(preview)[0]?.id) ?? STORED,
    channels: STORED,
  });
  const errorAt = errorsAt(action.refusals, ['name', 'images.height', 'images.valAs']);
  const change = (part: Partial<ImageChoice>) => {
    action.forget();
    setChoice({ ...choice, ...part });
  };
  const settingsOf = (chosen: ValAs) =>
    preview && { ...imagesInput(choice, preview), ...(preview.valIsChosen ? { valAs: chosen } : {}) };

  /** Another division is another preview. */
  function chooseVal(chosen: ValAs): void {
    setValAs(chosen);
    void action.run(async () => {
      const asked = { name, uploadId, images: { valAs: chosen }, dryRun: true };
      const { registerDataset } = await send(registerImages, asked);
      if (registerDataset.imagesPreview) setPreview(registerDataset.imagesPreview);
      return registerDataset;
    });
  }

  async function add(): Promise<void> {
    const answer = await action.run(async () => {
      const asked = { name, uploadId, images: settingsOf(valAs), dryRun: false };
      return (await send(registerImages, asked)).registerDataset;
    });
    if (answer?.dataset) router.push(`/datasets/${answer.dataset.id}`);
  }

  return (
    <Form onSend={add} error={errorAt('')} className="mt-3 grid gap-4 rounded-lg border border-line p-4">
      <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-4">
        <TextField
          label="Name"
          required
          value={name}
          error={errorAt('name')}
          onChange={(text) => {
            action.forget();
            setName(text);
          }}
        />
        {preview && (
          <>
            <ChoiceField
              label="Size of the images"
              hint={`best as your network takes them; ${packedWords(choice, preview)}`}
              error={errorAt('images.height')}
              options={sizeOptions(preview)}
              value={choice.size}
              onChange={(size) => change({ size })}
            />
            <ChoiceField
              label="Colours"
              options={CHANNELS}
              value={choice.channels}
              onChange={(channels) => change({ channels })}
            />
            {preview.valIsChosen && (
              <ChoiceField
                label="Images in val/ are"
                error={errorAt('images.valAs')}
                options={VAL}
                value={valAs}
                onChange={chooseVal}
              />
            )}
          </>
        )}
      </div>
      {preview ? (
        <>
          <p>{imagesWords(preview)}</p>
          {preview.notes.length > 0 && (
            <Notice>
              <ul>
                {preview.notes.map((note) => (
                  <li key={note}>{note}</li>
                ))}
              </ul>
            </Notice>
          )}
          {preview.classes.length > 0 ? (
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
            <section className="max-h-96 overflow-y-auto" tabIndex={0} aria-label="Classes">
              <ClassBalance
                classes={preview.classes}
                splits={preview.splits.map(({ name: split, classCounts }) => ({
                  name: wordOf(split),
                  classCounts,
                }))}
              />
            </section>
          ) : (
            <p className="text-ink-soft">
              Images without labels: networks are pruned by how much their outputs change, and are not
              trained.
            </p>
          )}
        </>
      ) : (
        <p className="text-ink-soft">A packed data set: its images are used as they are.</p>
      )}
      <div className="flex items-center gap-2">
        <Button type="submit" look="primary" disabled={action.pending}>
          Add data set
        </Button>
        <Button onClick={onCancel} disabled={action.pending}>
          Cancel
        </Button>
        {action.pending && (
          <span role="status" className="text-ink-soft">
            reading the images
          </span>
        )}
      </div>
    </Form>
  );
}
