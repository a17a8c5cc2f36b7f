import { createHash } from 'node:crypto';
import { join } from 'node:path';
import {
  cacheFolder,
  type Dataset,
  type Geometry,
  type ImageShape,
  type OpenOptions,
  SPLIT_NAMES,
  type Split,
  type SplitName,
} from './dataset.ts';
import { type ImageFile, openImageFile, writeImageFile } from './image-file.ts';
import { checkGeometry, isNative, resample, toChannels } from './resample.ts';
import type { LoadedImages, Source } from './sources/source.ts';
import { checkIndices } from './splits.ts';

/** What a cache file says of its data set. The pixels of train, search and test follow each other. */
interface About {
  readonly revision: string;
  readonly classes: readonly string[];
  readonly hash: string;
  readonly image: ImageShape;
  /** Class indices, u16, little endian, base64. */
  readonly labels: Readonly<Record<SplitName, string>>;
}

/**
 * Opens a data set whose images are all stored in one size, decoding it into its cache first if need be.
 *
 * @throws {InputError} if the source cannot be read or the cache not be written.
 */
export async function openStored(source: Source, options: OpenOptions): Promise<Dataset> {
  const path = join(cacheFolder(options.home), `${source.name}.images`);
  const file = (await openCurrent(path, source)) ?? (await decodeAndOpen(path, source, options));
  const { classes, hash, image, labels } = file.about;
  const splits = { train: split(labels.train), search: split(labels.search), test: split(labels.test) };
  const first = { train: 0, search: splits.train.n, test: splits.train.n + splits.search.n };
  return {
    name: source.name,
    classes,
    hash,
    splits,
    image,
    async pixels(name, indices, geometry) {
      checkGeometry(geometry);
      checkIndices(name, indices, splits[name].n);
      return brought(await file.read(indices, first[name]), indices.length, image, geometry);
    },
    close: () => file.close(),
  };
}

async function openCurrent(path: string, source: Source): Promise<ImageFile<About> | null> {
  const file = await openImageFile<About>(path);
  if (!file || file.about.revision === source.revision) return file;
  await file.close();
  return null;
}

async function decodeAndOpen(path: string, source: Source, options: OpenOptions): Promise<ImageFile<About>> {
  options.signal?.throwIfAborted();
  const loaded = await source.load();
  const { height, width, channels } = loaded.image;
  await writeImageFile(path, height * width * channels, counted(loaded, source.name, options), (digest) =>
    describe(source, loaded, digest),
  );
  const file = await openImageFile<About>(path);
  if (!file) throw new Error(`${path} was written, but cannot be read back`);
  return file;
}

async function* counted(
  { image, labels, pixels }: LoadedImages,
  name: string,
  { onProgress, signal }: OpenOptions,
): AsyncGenerator<Uint8Array> {
  const what = `decoding ${name}`;
  const total = SPLIT_NAMES.reduce((sum, split) => sum + labels[split].length, 0);
  let bytes = 0;
  onProgress?.({ done: 0, total, what });
  for await (const chunk of pixels()) {
    signal?.throwIfAborted();
    yield chunk;
    bytes += chunk.length;
    onProgress?.({ done: bytes / (image.height * image.width * image.channels), total, what });
  }
}

function describe(
  { revision, classes }: Source,
  { image, labels }: LoadedImages,
  pixelDigest: string,
): About {
  const encoded = {
    train: encodeLabels(labels.train),
    search: encodeLabels(labels.search),
    test: encodeLabels(labels.test),
  };
  const content = JSON.stringify({ classes, image, labels: encoded, pixels: pixelDigest });
  const hash = createHash('sha256').update(content).digest('hex');
  return { revision, classes, hash, image, labels: encoded };
}

function encodeLabels(labels: Uint16Array): string {
  const bytes = Buffer.alloc(labels.length * 2);
  labels.forEach((label, i) => {
    bytes.writeUInt16LE(label, 2 * i);
  });
  return bytes.toString('base64');
}

function split(encoded: string): Split {
  const bytes = Buffer.from(encoded, 'base64');
  const n = bytes.length / 2;
  return { n, labels: Uint16Array.from({ length: n }, (_, i) => bytes.readUInt16LE(2 * i)) };
}

/** [n, image.height, image.width, image.channels] brought to a geometry. */
function brought(pixels: Uint8Array, n: number, image: ImageShape, geometry: Geometry): Uint8Array {
  if (isNative(image, geometry)) return toChannels(pixels, image.channels, geometry.channels);
  const from = image.height * image.width * image.channels;
  const to = geometry.height * geometry.width * geometry.channels;
  const result = new Uint8Array(n * to);
  for (let i = 0; i < n; i++) {
    result.set(resample(pixels.subarray(i * from, (i + 1) * from), image, geometry), i * to);
  }
  return result;
}
