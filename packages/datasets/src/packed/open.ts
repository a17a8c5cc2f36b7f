import { createHash } from 'node:crypto';
import { type FileHandle, open, readFile, realpath } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { InputError } from '@espalier/errors';
import { contentHash } from '../content-hash.ts';
import { cacheFolder, type Dataset, firstImages, type OpenOptions } from '../dataset.ts';
import { digestOf, readAt, readImages } from '../image-bytes.ts';
import { checkGeometry, DECODING_VERSION, resampleImages } from '../resample.ts';
import { checkIndices } from '../splits.ts';
import { factsOfStored } from '../stored-facts.ts';
import { writeCache } from '../whole-file.ts';
import {
  cutOff,
  damaged,
  PACKED_EXTENSION,
  type PackedHeader,
  readPackedHeader,
  TRAILER_BYTES,
} from './header.ts';

/**
 * Opens a packed data set. All of it is checked the first time a machine meets the file, and again when its size
 * or time of change is another.
 *
 * @throws {InputError} naming the file, if it is of another kind, cut off or damaged
 */
export async function openPacked(path: string, options: OpenOptions): Promise<Dataset> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    throw new InputError(`${path} cannot be read (${error.code})`);
  });
  try {
    const { header, start } = await readPackedHeader(file, path);
    const pixelDigest = await checkPixels(file, path, header, start, options);
    return datasetOf(file, path, header, start, pixelDigest, options);
  } catch (error) {
    await file.close();
    throw error;
  }
}

function datasetOf(
  file: FileHandle,
  path: string,
  header: PackedHeader,
  start: number,
  pixelDigest: string,
  { name = basename(path, PACKED_EXTENSION), hashOfContent = false }: OpenOptions,
): Dataset {
  const { classes, image, splits, normalisation } = header;
  const first = firstImages(splits);
  const images = { file, path, start, bytesPerImage: bytesPerImage(header) };
  // A folder's hash is of its files: pixels that other rules made of them are another data set's.
  const claimed = hashOfContent || header.decoding !== DECODING_VERSION ? null : header.hash;
  return {
    name,
    classes,
    hash: claimed ?? contentHash({ ...header, pixelDigest }),
    splits,
    image,
    normalisation,
    async pixels(split, indices, geometry) {
      checkGeometry(geometry);
      checkIndices(split, indices, splits[split].n);
      const pixels = await readImages(images, indices, first[split]);
      return resampleImages(pixels, indices.length, image, geometry);
    },
    async facts(split, indices) {
      checkIndices(split, indices, splits[split].n);
      return factsOfStored(split, indices, splits[split], image, classes);
    },
    close: () => file.close(),
  };
}

function bytesPerImage({ image }: PackedHeader): number {
  return image.height * image.width * image.channels;
}

/** @returns the sha256 of all pixels, hex */
async function checkPixels(
  file: FileHandle,
  path: string,
  header: PackedHeader,
  start: number,
  { home, onProgress, signal }: OpenOptions,
): Promise<string> {
  const { train, search, test } = header.splits;
  const total = train.n + search.n + test.n;
  const bytes = total * bytesPerImage(header);
  const { size, mtimeMs } = await file.stat();
  const end = start + bytes + TRAILER_BYTES;
  if (size < end) throw cutOff(path);
  if (size > end) throw new InputError(`${path} has data after its end: copy or pack it again`);
  const digest = (await readAt(file, start + bytes, TRAILER_BYTES))?.toString('hex');
  if (!digest) throw cutOff(path);
  const known = join(cacheFolder(home), `packed-${await keyOf(path)}.json`);
  const seen = JSON.stringify({ size, mtimeMs, digest });
  if ((await readFile(known, 'utf8').catch(() => null)) === seen) return digest;
  const found = await digestOf(file, start, bytes, (done) => {
    signal?.throwIfAborted();
    onProgress?.({ done: done / bytesPerImage(header), total, what: `checking ${basename(path)}` });
  });
  if (found !== digest) throw found === null ? cutOff(path) : damaged(path);
  await writeCache(known, seen);
  return digest;
}

async function keyOf(path: string): Promise<string> {
  return createHash('sha256')
    .update(await realpath(path))
    .digest('hex')
    .slice(0, 16);
}
