import { createHash } from 'node:crypto';
import { InputError } from '@espalier/errors';
import { type Dataset, type Geometry, type OpenOptions, SPLIT_NAMES, type SplitName } from '../dataset.ts';
import { defaultPreprocessing } from '../preprocessing.ts';
import { checkGeometry, DECODING_VERSION } from '../resample.ts';
import { writeWholeFile } from '../whole-file.ts';
import { type PackedHeader, packedStart } from './header.ts';

/** One size for all images; what is left out is as they are stored. */
export type PackSize = { readonly [Field in keyof Geometry]?: Geometry[Field] | undefined };

export interface PackedFile {
  /** The file's hash, hex. */
  readonly sha256: string;
  readonly bytes: number;
}

const CHUNK_BYTES = 8 * 2 ** 20;

/**
 * Writes a data set as one file, which `openDataset` opens. The same data set makes the same bytes, on every machine
 * and under every name. Images are packed as they are stored, and the file's data set then has the hash of
 * the one that was packed, or brought to one size, which is another data set. Several classes, boxes and masks of an
 * image are not packed, which is another data set, too.
 *
 * @throws {InputError} if the images differ in size and none was given, or the file cannot be written.
 */
export async function packDataset(
  dataset: Dataset,
  path: string,
  {
    size = {},
    onProgress,
    signal,
  }: { readonly size?: PackSize } & Pick<OpenOptions, 'onProgress' | 'signal'>,
): Promise<PackedFile> {
  const geometry = geometryFor(dataset, size);
  const hash = createHash('sha256');
  let bytes = 0;
  await writeWholeFile(path, async (file) => {
    const write = async (part: Uint8Array) => {
      hash.update(part);
      bytes += part.length;
      await file.writeFile(part);
    };
    await write(packedStart(headerFor(dataset, geometry)));
    const pixels = createHash('sha256');
    const total = SPLIT_NAMES.reduce((sum, split) => sum + dataset.splits[split].n, 0);
    let done = 0;
    for await (const { part, images } of pixelsOf(dataset, geometry)) {
      signal?.throwIfAborted();
      pixels.update(part);
      await write(part);
      done += images;
      onProgress?.({ done, total, what: `packing ${dataset.name}` });
    }
    await write(pixels.digest());
  });
  return { sha256: hash.digest('hex'), bytes };
}

/** What of a data set is not in its packed file, for a person; null: all of it is. */
export function notPacked({ name, annotated }: Pick<Dataset, 'name' | 'annotated'>): string | null {
  if (!annotated) return null;
  const what = { several: 'classes', boxes: 'boxes', masks: 'masks' }[annotated.form];
  return `the ${what} of ${name} are not packed: in the file its images have no labels`;
}

function geometryFor({ name, image }: Dataset, { height, width, channels, resize }: PackSize): Geometry {
  const size = height && width ? { height, width } : image;
  if (!size) {
    throw new InputError(
      `the images of ${name} differ in size: give one for all, such as 224 pixels cropped from 256`,
      'size',
    );
  }
  const geometry: Geometry = {
    height: size.height,
    width: size.width,
    channels: channels ?? image?.channels ?? 3,
    ...(resize === undefined ? {} : { resize }),
  };
  checkGeometry(geometry);
  return geometry;
}

function headerFor(dataset: Dataset, geometry: Geometry): Omit<PackedHeader, 'labels'> {
  const { classes, image, splits, hash, annotated } = dataset;
  const { width, height, channels, resize } = geometry;
  const stored =
    image?.width === width && image.height === height && image.channels === channels && resize === undefined;
  const packed = { width, height, channels };
  const { mean, std } = defaultPreprocessing(dataset, channels).input;
  return {
    ...{ classes, image: packed, normalisation: { mean, std }, splits },
    ...{ hash: stored && !annotated ? hash : null, decoding: DECODING_VERSION },
  };
}

async function* pixelsOf(
  dataset: Dataset,
  geometry: Geometry,
): AsyncGenerator<{ readonly part: Uint8Array; readonly images: number }> {
  const { height, width, channels } = geometry;
  const atOnce = Math.max(1, Math.floor(CHUNK_BYTES / (height * width * channels)));
  for (const split of SPLIT_NAMES) {
    const { n } = dataset.splits[split];
    for (let first = 0; first < n; first += atOnce) {
      const images = Math.min(atOnce, n - first);
      yield { part: await read(dataset, split, first, images, geometry), images };
    }
  }
}

function read(
  dataset: Dataset,
  split: SplitName,
  first: number,
  images: number,
  geometry: Geometry,
): Promise<Uint8Array> {
  const indices = Array.from({ length: images }, (_, i) => first + i);
  return dataset.pixels(split, indices, geometry);
}
