import { join } from 'node:path';
import { contentHash } from './content-hash.ts';
import {
  cacheFolder,
  type Dataset,
  firstImages,
  type ImageShape,
  type OpenOptions,
  perSplit,
  SPLIT_NAMES,
} from './dataset.ts';
import { type ImageFile, openImageFile, writeImageFile } from './image-file.ts';
import { decodeSplit, type EncodedLabels, encodeLabels } from './labels.ts';
import { checkGeometry, DECODING_VERSION, resampleImages } from './resample.ts';
import type { LoadedImages, Source } from './sources/source.ts';
import { checkIndices } from './splits.ts';
import { factsOfStored } from './stored-facts.ts';

/** What a cache file says of its data set. The pixels of train, search and test follow each other. */
interface About {
  readonly revision: string;
  readonly decoding: number;
  readonly classes: readonly string[];
  readonly hash: string;
  readonly image: ImageShape;
  readonly labels: EncodedLabels;
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
  const splits = perSplit((name) => decodeSplit(labels[name]));
  const first = firstImages(splits);
  return {
    name: source.name,
    classes,
    hash,
    splits,
    image,
    async pixels(name, indices, geometry) {
      checkGeometry(geometry);
      checkIndices(name, indices, splits[name].n);
      return resampleImages(await file.read(indices, first[name]), indices.length, image, geometry);
    },
    async facts(name, indices) {
      checkIndices(name, indices, splits[name].n);
      return factsOfStored(name, indices, splits[name], image, classes);
    },
    close: () => file.close(),
  };
}

async function openCurrent(path: string, source: Source): Promise<ImageFile<About> | null> {
  const file = await openImageFile<About>(path);
  if (!file) return null;
  const { revision, decoding } = file.about;
  if (revision === source.revision && decoding === DECODING_VERSION) return file;
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
  const encoded = perSplit((name) => encodeLabels(labels[name]));
  const hash = contentHash({ classes, image, labels: encoded, pixelDigest });
  return { revision, decoding: DECODING_VERSION, classes, hash, image, labels: encoded };
}
