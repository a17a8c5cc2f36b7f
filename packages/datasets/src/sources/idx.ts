import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { InputError } from '@espalier/errors';
import { checkedLabels } from '../labels.ts';
import { holdOutSearch, type LoadedImages } from './source.ts';

const unzip = promisify(gunzip);

const FILES = {
  trainImages: 'train-images-idx3-ubyte',
  trainLabels: 'train-labels-idx1-ubyte',
  testImages: 't10k-images-idx3-ubyte',
  testLabels: 't10k-labels-idx1-ubyte',
} as const;

export const IDX_FILE_NAMES: readonly string[] = Object.values(FILES);

/** The paths of the four files of a data set in MNIST's format, each of them plain or with `.gz` behind its name. */
export type IdxFiles = Readonly<Record<keyof typeof FILES, string>>;

/**
 * Finds the four files in a folder.
 *
 * @returns null if there is none of them (or no folder)
 * @throws {InputError} where some are missing
 */
export async function findIdxFiles(folder: string): Promise<IdxFiles | null> {
  const found = await Promise.all(IDX_FILE_NAMES.map((name) => findFile(join(folder, name))));
  const missing = IDX_FILE_NAMES.filter((_, i) => !found[i]);
  const [trainImages, trainLabels, testImages, testLabels] = found;
  if (trainImages && trainLabels && testImages && testLabels) {
    return { trainImages, trainLabels, testImages, testLabels };
  }
  if (missing.length === IDX_FILE_NAMES.length) return null;
  throw new InputError(`${folder} lacks ${missing.join(', ')} (plain or with .gz)`);
}

async function findFile(path: string): Promise<string | null> {
  for (const candidate of [path, `${path}.gz`]) {
    if ((await stat(candidate).catch(() => null))?.isFile()) return candidate;
  }
  return null;
}

/** Changes when one of the files is replaced. */
export async function idxRevision(files: IdxFiles): Promise<string> {
  const parts = await Promise.all(
    Object.values(files).map(async (path) => {
      const { size, mtimeMs } = await stat(path);
      return `${path} ${size} ${mtimeMs}`;
    }),
  );
  return parts.join('\n');
}

/** @throws {InputError} if a file is cut off or does not fit the others. */
export async function loadIdx(files: IdxFiles, classes: number): Promise<LoadedImages> {
  const train = await readPair(files.trainImages, files.trainLabels, classes);
  const test = await readPair(files.testImages, files.testLabels, classes);
  const { height, width } = train;
  if (test.height !== height || test.width !== width) {
    throw new InputError(
      `${files.testImages} has images of ${test.height}x${test.width}, ${files.trainImages} of ${height}x${width}`,
    );
  }
  return {
    image: { width, height, channels: 1 },
    labels: { ...holdOutSearch(train.labels), test: test.labels },
    async *pixels() {
      yield train.pixels;
      yield test.pixels;
    },
  };
}

async function readPair(imageFile: string, labelFile: string, classes: number) {
  const images = await readIdx(imageFile, 3);
  const labels = await readIdx(labelFile, 1);
  const [count = 0, height = 0, width = 0] = images.shape;
  if (labels.shape[0] !== count) {
    throw new InputError(`${imageFile} has ${count} images, ${labelFile} ${labels.shape[0]} labels`);
  }
  return { height, width, pixels: images.values, labels: checkedLabels(labels.values, classes, labelFile) };
}

/** An IDX file: 0, 0, type (8: unsigned byte), number of dimensions, each dimension as u32 big endian, values. */
async function readIdx(path: string, dimensions: 1 | 3): Promise<{ shape: number[]; values: Uint8Array }> {
  const bytes = await readWhole(path);
  const start = 4 + 4 * dimensions;
  if (bytes.length < start || bytes.readUInt32BE(0) !== 0x800 + dimensions) {
    throw new InputError(`${path} is not an IDX file of ${dimensions} dimension${dimensions > 1 ? 's' : ''}`);
  }
  const shape = Array.from({ length: dimensions }, (_, i) => bytes.readUInt32BE(4 + 4 * i));
  const values = bytes.subarray(start);
  const expected = shape.reduce((product, side) => product * side, 1);
  if (values.length !== expected) {
    throw new InputError(`${path} has ${values.length} bytes of values where ${shape.join(' x ')} belong`);
  }
  if (expected === 0) throw new InputError(`${path} is empty`);
  return { shape, values };
}

async function readWhole(path: string): Promise<Buffer> {
  try {
    const bytes = await readFile(path);
    return path.endsWith('.gz') ? await unzip(bytes) : bytes;
  } catch (error) {
    throw new InputError(`${path} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}
