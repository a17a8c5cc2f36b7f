import { createHash } from 'node:crypto';
import { readFile, realpath } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { Dataset, Geometry, ImageShape, OpenOptions, Split, SplitName } from '../dataset.ts';
import { cacheFolder, perSplit, SPLIT_NAMES } from '../dataset.ts';
import { decodeImage } from '../decode.ts';
import type { ImageFacts } from '../facts.ts';
import { type ImageFile, openImageFile, writeImageFile } from '../image-file.ts';
import { mapInOrder } from '../in-order.ts';
import { checkGeometry, DECODING_VERSION, resample } from '../resample.ts';
import { checkIndices } from '../splits.ts';
import { type FileFacts, indexFiles, sha256, unreadable } from './file-index.ts';
import type { Annotations } from './label-files.ts';
import { readLayout } from './layout.ts';
import { type Entry, type Partition, partition } from './partition.ts';
import { sizesOf } from './sizes.ts';

type Image = Entry & FileFacts;
type Images = Readonly<Record<SplitName, readonly Image[]>>;

/** What a cache of decoded images says of itself. */
interface About {
  /** The data set's hash. */
  readonly hash: string;
  readonly decoding: number;
}

/**
 * Opens a folder of images as a data set. Every file is read once to know its content and size; pixels are
 * decoded when they are first asked for.
 *
 * @throws {InputError} if the folder is not laid out as a data set, or a file is no image.
 */
export async function openFolder(path: string, options: OpenOptions): Promise<Dataset> {
  const root = await realpath(path);
  const cache = cacheFolder(options.home);
  const layout = await readLayout(root, options);
  const images = await withFacts(root, partition(layout, root), cache, options);
  const { annotations } = layout;
  const hash = contentHash(layout.classes, images, annotations);
  const all = SPLIT_NAMES.flatMap((name) => images[name]);
  const decoded = decodedSplits(root, cache, hash, images, options);
  return {
    name: basename(resolve(path)),
    classes: layout.classes,
    hash,
    splits: perSplit((name) => split(images[name])),
    image: commonShape(all),
    sizes: sizesOf(all),
    annotated: annotations?.about,
    async pixels(name, indices, geometry) {
      checkGeometry(geometry);
      checkIndices(name, indices, images[name].length);
      return (await decoded.get(name, geometry)).read(indices);
    },
    async facts(name, indices) {
      checkIndices(name, indices, images[name].length);
      const isLabelled = layout.classes.length > 0;
      const of = async ({ path, label, width, height }: Image): Promise<ImageFacts> => ({
        ...{ name: path, width, height },
        label: isLabelled ? label : ((await annotations?.read(path, { width, height })) ?? null),
      });
      return Promise.all(
        Array.from(indices, (index) => images[name][index]).flatMap((image) => (image ? of(image) : [])),
      );
    },
    close: decoded.close,
  };
}

async function withFacts(
  root: string,
  entries: Partition,
  cache: string,
  options: OpenOptions,
): Promise<Images> {
  const all = SPLIT_NAMES.flatMap((name) => entries[name]);
  const index = join(cache, `folder-${sha256(Buffer.from(root)).slice(0, 16)}.json`);
  const paths = all.map((entry) => entry.path);
  const facts = await indexFiles(root, paths, index, options);
  const images = all.flatMap((entry, i) => {
    const known = facts[i];
    return known ? [{ ...entry, ...known }] : [];
  });
  const { train, search } = entries;
  const held = train.length + search.length;
  return {
    train: images.slice(0, train.length),
    search: images.slice(train.length, held),
    test: images.slice(held),
  };
}

/** Over the bytes of the files in their order, not over their names: a renamed folder is the same data set. */
function contentHash(classes: readonly string[], images: Images, annotations?: Annotations): string {
  const hash = createHash('sha256').update(JSON.stringify(classes));
  // Data sets without any keep the hash that they had before there were some.
  if (annotations) hash.update(JSON.stringify(annotations.about));
  for (const name of SPLIT_NAMES) {
    hash.update(`\n${name}`);
    for (const { path, label, sha256 } of images[name]) {
      hash.update(`\n${annotations ? annotations.digest(path) : label} ${sha256}`);
    }
  }
  return hash.digest('hex');
}

function split(images: readonly Image[]): Split {
  return { n: images.length, labels: Uint16Array.from(images, ({ label }) => label) };
}

function commonShape(images: readonly Image[]): ImageShape | null {
  const [first] = images;
  if (!first?.width || !images.every((i) => i.width === first.width && i.height === first.height))
    return null;
  return {
    width: first.width,
    height: first.height,
    channels: images.every(({ gray }) => gray) ? 1 : 3,
  };
}

/** The cache files of a folder's decoded splits, opened or made when they are first needed. */
function decodedSplits(root: string, cache: string, hash: string, images: Images, options: OpenOptions) {
  const files = new Map<string, Promise<ImageFile<About>>>();
  return {
    get(name: SplitName, geometry: Geometry): Promise<ImageFile<About>> {
      const path = join(cache, `${hash.slice(0, 16)}-${name}-${geometryKey(geometry)}.images`);
      const known = files.get(path);
      if (known) return known;
      const opening = openOrDecode(path, { root, hash, name, images: images[name] }, geometry, options);
      files.set(path, opening);
      // An interrupted or failed decoding may be tried again.
      opening.catch(() => files.delete(path));
      return opening;
    },
    async close(): Promise<void> {
      const opened = await Promise.allSettled(files.values());
      files.clear();
      await Promise.all(opened.map((file) => (file.status === 'fulfilled' ? file.value.close() : undefined)));
    },
  };
}

function geometryKey({ height, width, channels, resize, letterbox }: Geometry): string {
  const how = [resize === undefined ? '' : `-r${resize}`, letterbox ? `-l${letterbox.join('.')}` : ''];
  return `${height}x${width}x${channels}${how.join('')}`;
}

interface SplitImages {
  readonly root: string;
  readonly hash: string;
  readonly name: SplitName;
  readonly images: readonly Image[];
}

async function openOrDecode(
  path: string,
  split: SplitImages,
  geometry: Geometry,
  options: OpenOptions,
): Promise<ImageFile<About>> {
  const cached = await openImageFile<About>(path);
  if (cached?.about.hash === split.hash && cached.about.decoding === DECODING_VERSION) return cached;
  await cached?.close();
  const bytes = geometry.height * geometry.width * geometry.channels;
  const about: About = { hash: split.hash, decoding: DECODING_VERSION };
  await writeImageFile(path, bytes, decodeAll(split, geometry, options), () => about);
  const file = await openImageFile<About>(path);
  if (!file) throw new Error(`${path} was written, but cannot be read back`);
  return file;
}

async function* decodeAll(
  { root, name, images }: SplitImages,
  geometry: Geometry,
  { onProgress, signal }: OpenOptions,
): AsyncGenerator<Uint8Array> {
  let done = 0;
  for await (const pixels of mapInOrder(images, (image) => decode(join(root, image.path), image, geometry))) {
    signal?.throwIfAborted();
    yield pixels;
    done++;
    onProgress?.({ done, total: images.length, what: `decoding the ${name} split` });
  }
}

async function decode(file: string, image: Image, geometry: Geometry): Promise<Uint8Array> {
  try {
    const bytes = await readFile(file);
    if (sha256(bytes) !== image.sha256) throw new Error('it has changed since the data set was opened');
    return resample(await decodeImage(bytes, image), { ...image, channels: 3 }, geometry);
  } catch (error) {
    throw unreadable(file, error);
  }
}
