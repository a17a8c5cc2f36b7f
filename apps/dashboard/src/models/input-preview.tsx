'use client';

import { useEffect, useState } from 'react';
import { fixed } from '#src/format/numbers.ts';
import { send } from '#src/graphql/browser.ts';
import { graphql, type ResultOf } from '#src/graphql/graphql.ts';
import { everyNode } from '#src/lists/every.ts';
import { Button } from '#src/ui/button.tsx';
import { ChoiceField, NumberField } from '#src/ui/field.tsx';
import type { Named } from '#src/ui/named.ts';
import { Notice } from '#src/ui/notice.tsx';
import { Table, Td, Th, Tr } from '#src/ui/table.tsx';
import { UploadProgress } from '#src/uploads/upload-progress.tsx';
import { useUpload } from '#src/uploads/use-upload.ts';

const imageSources = graphql(`
  query ImageSources($after: String) {
    datasets(first: 100, after: $after) { nodes { id name hasPixels } pageInfo { hasNextPage endCursor } }
  }
`);

const inputPreview = graphql(`
  query InputPreview($image: ID!, $index: Int!, $model: ID, $preprocessing: JSONObject) {
    inputPreview(image: $image, index: $index, model: $model, preprocessing: $preprocessing) {
      url
      input { height width }
      channels { colour min max mean }
    }
  }
`);

type Preview = NonNullable<ResultOf<typeof inputPreview>['inputPreview']>;

/** Of the choice of images: one that a person has. */
const OWN = 'own';

/**
 * What a network gets of one image: the picture at the size of the input, and the values of its channels.
 *
 * @param model whose preprocessing is shown, unless one is given
 * @param preprocessing gives it, or throws what is wrong with it; null: that of the model
 */
export function InputPreview({
  model = null,
  preprocessing,
}: {
  model?: string | null;
  preprocessing: () => Record<string, unknown> | null;
}) {
  const { sent, send: put, cancel } = useUpload();
  const datasets = useDatasets();
  const [chosen, setChosen] = useState<string | null>(null);
  const [index, setIndex] = useState(0);
  const [file, setFile] = useState<File | null>(null);
  const [shown, setShown] = useState<Preview | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [pending, setPending] = useState(false);
  const source = chosen ?? datasets[0]?.id ?? OWN;

  async function show(): Promise<void> {
    setError(null);
    setPending(true);
    try {
      const given = preprocessing();
      if (source === OWN && !file) throw new Error('Choose a picture first.');
      const ask = async (image: string) => {
        const asked = { image, index: source === OWN ? 0 : index, model, preprocessing: given };
        return (await send(inputPreview, asked)).inputPreview;
      };
      const answer = source === OWN && file ? await put(file, ask) : await ask(source);
      setShown(answer);
    } catch (problem) {
      setShown(null);
      setError(problem instanceof Error ? problem.message : String(problem));
    } finally {
      setPending(false);
    }
  }

  return (
    <div className="grid gap-3">
      <div className="grid items-start gap-4 sm:grid-cols-2 lg:grid-cols-4">
        <ChoiceField
          label="Image of"
          options={[...datasets, { id: OWN, name: 'a picture of mine' }]}
          value={source}
          onChange={setChosen}
        />
        {source === OWN ? (
          <PictureField onFile={setFile} />
        ) : (
          <NumberField label="Which" hint="of the search split, from 0" value={index} onChange={setIndex} />
        )}
      </div>
      <div>
        <Button onClick={() => void show()} disabled={pending}>
          Show what the network sees
        </Button>
      </div>
      {sent && <UploadProgress sent={sent} cancel={cancel} then="reading the picture" />}
      {error && <Notice kind="error">{error}</Notice>}
      {shown && <PreviewPart preview={shown} />}
    </div>
  );
}

/** All that have images. */
function useDatasets(): readonly Named[] {
  const [datasets, setDatasets] = useState<readonly Named[]>([]);
  useEffect(() => {
    const page = async (after: string | null) => (await send(imageSources, { after })).datasets;
    let left = false;
    const read = async () => {
      const every = await everyNode(await page(null), page);
      if (!left) setDatasets(every.filter(({ hasPixels }) => hasPixels));
    };
    // Without them a picture of one's own can be shown all the same.
    read().catch(() => {});
    return () => {
      left = true;
    };
  }, []);
  return datasets;
}

function PictureField({ onFile }: { onFile: (file: File | null) => void }) {
  return (
    <label className="block font-medium">
      Picture
      <input
        type="file"
        accept="image/*"
        className="mt-1 block w-full text-small font-normal"
        onChange={({ target }) => onFile(target.files?.[0] ?? null)}
      />
    </label>
  );
}

/** Pixels that the longer side is shown with, at least. */
const SHOWN_SIDE = 128;

function PreviewPart({ preview: { url, input, channels } }: { preview: Preview }) {
  const { height, width } = input;
  const scale = Math.max(1, Math.floor(SHOWN_SIDE / Math.max(height, width)));
  return (
    <div className="flex flex-wrap items-start gap-6">
      <figure>
        {/* biome-ignore lint/performance/noImgElement: made for this moment, nothing to be fetched or optimised */}
        <img
          src={url}
          alt="What the network sees"
          width={width * scale}
          height={height * scale}
          className="h-auto max-w-full border border-line [image-rendering:pixelated]"
        />
        <figcaption className="mt-1 text-small text-ink-soft">
          {height}×{width} pixels, before mean and scale
        </figcaption>
      </figure>
      <Table caption="Values of the input by channel">
        <thead>
          <tr>
            <Th>Channel</Th>
            <Th right>Min</Th>
            <Th right>Mean</Th>
            <Th right>Max</Th>
          </tr>
        </thead>
        <tbody>
          {channels.map(({ colour, min, mean, max }) => (
            <Tr key={colour}>
              <Td>{colour === 'GRAY' ? 'grey' : colour.toLowerCase()}</Td>
              <Td right>{fixed(min)}</Td>
              <Td right>{fixed(mean)}</Td>
              <Td right>{fixed(max)}</Td>
            </Tr>
          ))}
        </tbody>
      </Table>
    </div>
  );
}
