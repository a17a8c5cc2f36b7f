import { existsSync, mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { InputError } from '@espalier/errors';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { TEST_HOME } from '../../test/test-home.ts';
import { openDataset } from '../open.ts';

const SIDE = 2;
const GEOMETRY = { height: SIDE, width: SIDE, channels: 1 } as const;
const TRAIN_IMAGES = 40;
const TEST_IMAGES = 7;

function idx(dimensions: readonly number[], values: readonly number[]): Buffer {
  const header = Buffer.alloc(4 + 4 * dimensions.length);
  header.writeUInt32BE(0x800 + dimensions.length);
  dimensions.forEach((n, i) => {
    header.writeUInt32BE(n, 4 + 4 * i);
  });
  return Buffer.concat([header, Buffer.from(values)]);
}

/** A home with a small data set: every pixel of training image i is i, of test image i it is 100 + i. */
function homeWith(name: string, change: (files: Map<string, Buffer>) => void = () => undefined): string {
  const pixels = (count: number, from: number) =>
    idx(
      [count, SIDE, SIDE],
      Array.from({ length: count * SIDE * SIDE }, (_, i) => from + Math.floor(i / 4)),
    );
  const labels = (count: number) =>
    idx(
      [count],
      Array.from({ length: count }, (_, i) => i % 10),
    );
  const files = new Map([
    ['train-images-idx3-ubyte', pixels(TRAIN_IMAGES, 0)],
    ['train-labels-idx1-ubyte', labels(TRAIN_IMAGES)],
    ['t10k-images-idx3-ubyte', pixels(TEST_IMAGES, 100)],
    ['t10k-labels-idx1-ubyte', labels(TEST_IMAGES)],
  ]);
  change(files);
  const home = temporaryFolder();
  mkdirSync(join(home, 'datasets', name), { recursive: true });
  for (const [file, bytes] of files) writeFileSync(join(home, 'datasets', name, file), bytes);
  return home;
}

describe('mnist', () => {
  it('is the whole data set, from its package', async () => {
    const dataset = await openDataset('mnist', { home: TEST_HOME });
    const { train, search, test } = dataset.splits;
    expect([train.n, search.n, test.n]).toEqual([55_000, 5000, 10_000]);
    expect([...train.labels.subarray(0, 10)]).toEqual([5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
    expect([...test.labels.subarray(0, 10)]).toEqual([7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
    const all = Array.from({ length: search.n }, (_, i) => i);
    const pixels = await dataset.pixels('search', all, { height: 28, width: 28, channels: 1 });
    // 0.1307 is the mean of all training images.
    expect(pixels.reduce((sum, pixel) => sum + pixel, 0) / pixels.length / 255).toBeCloseTo(0.1307, 2);
    await dataset.close();
  }, 30_000);

  it('takes files from the home folder first', async () => {
    const dataset = await openDataset('mnist', { home: homeWith('mnist') });
    const { train, search, test } = dataset.splits;
    expect([train.n, search.n, test.n]).toEqual([36, 4, 7]);
    expect(dataset.image).toEqual({ width: SIDE, height: SIDE, channels: 1 });
    expect([...(await dataset.pixels('search', [0, 3], GEOMETRY))]).toEqual([36, 36, 36, 36, 39, 39, 39, 39]);
    expect([...(await dataset.pixels('test', [6], GEOMETRY))]).toEqual([106, 106, 106, 106]);
    const colour = await dataset.pixels('test', [6], { ...GEOMETRY, channels: 3 });
    expect([...colour]).toEqual(new Array(12).fill(106));
    expect([...search.labels]).toEqual([6, 7, 8, 9]);
    await dataset.close();
  });

  it('decodes anew when the files change, and only then', async () => {
    const home = homeWith('mnist');
    let decodings = 0;
    const onProgress = (progress: { done: number }) => {
      if (progress.done === 0) decodings++;
    };
    const open = async () => {
      const dataset = await openDataset('mnist', { home, onProgress });
      await dataset.close();
      return dataset.hash;
    };
    const hash = await open();
    expect(await open()).toBe(hash);
    expect(decodings).toBe(1);
    const labels = Array.from({ length: TEST_IMAGES }, () => 3);
    writeFileSync(join(home, 'datasets', 'mnist', 't10k-labels-idx1-ubyte'), idx([TEST_IMAGES], labels));
    expect(await open()).not.toBe(hash);
    expect(decodings).toBe(2);
  });

  it('repairs a damaged cache', async () => {
    const home = homeWith('mnist');
    const first = await openDataset('mnist', { home });
    await first.close();
    truncateSync(join(home, 'datasets', 'cache', 'mnist.images'), 100);
    const second = await openDataset('mnist', { home });
    expect(second.hash).toBe(first.hash);
    await second.close();
  });

  it('stops when it is told to, without leaving anything behind', async () => {
    const home = homeWith('mnist');
    const stopped = openDataset('mnist', { home, signal: AbortSignal.abort() });
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
    expect(existsSync(join(home, 'datasets', 'cache', 'mnist.images'))).toBe(false);
  });

  it.each<[string, (files: Map<string, Buffer>) => void, string]>([
    ['a missing file', (files) => files.delete('t10k-labels-idx1-ubyte'), 'lacks t10k-labels-idx1-ubyte'],
    [
      'a file that is cut off',
      (files) => cut(files, 'train-images-idx3-ubyte'),
      'has 150 bytes of values where 40 x 2 x 2 belong',
    ],
    [
      'something else',
      (files) => files.set('train-labels-idx1-ubyte', Buffer.from('<html>not found')),
      'is not an IDX file of 1 dimension',
    ],
    [
      'another number of labels',
      (files) => files.set('t10k-labels-idx1-ubyte', idx([2], [0, 1])),
      'has 7 images, ',
    ],
    [
      'a label without a class',
      (files) => files.set('t10k-labels-idx1-ubyte', idx([7], [0, 1, 2, 10, 4, 5, 6])),
      'label 3 is 10, not one of 0..9',
    ],
  ])('names %s', async (_, change, message) => {
    const opening = openDataset('mnist', { home: homeWith('mnist', change) });
    await expect(opening).rejects.toThrow(InputError);
    await expect(opening).rejects.toThrow(message);
  });
});

function cut(files: Map<string, Buffer>, name: string): void {
  files.set(name, (files.get(name) ?? Buffer.alloc(0)).subarray(0, 16 + 150));
}

describe('fashion-mnist', () => {
  it('reads compressed files', async () => {
    const home = homeWith('fashion-mnist', (files) => {
      const name = 'train-images-idx3-ubyte';
      files.set(`${name}.gz`, gzipSync(files.get(name) ?? ''));
      files.delete(name);
    });
    const dataset = await openDataset('fashion-mnist', { home });
    expect(dataset.classes[9]).toBe('Ankle boot');
    expect([...(await dataset.pixels('train', [35], GEOMETRY))]).toEqual([35, 35, 35, 35]);
    await dataset.close();
  });

  it('names a compressed file that is cut off', async () => {
    const home = homeWith('fashion-mnist', (files) => {
      const name = 'train-images-idx3-ubyte';
      files.set(`${name}.gz`, gzipSync(files.get(name) ?? '').subarray(0, 40));
      files.delete(name);
    });
    const opening = openDataset('fashion-mnist', { home });
    await expect(opening).rejects.toThrow(/train-images-idx3-ubyte\.gz cannot be read/);
    await expect(opening).rejects.toThrow(InputError);
  });

  const installed = existsSync('/usr/share/datasets/fashion-mnist');

  it.skipIf(installed)('says where to put its files when there are none', async () => {
    const home = temporaryFolder();
    const opening = openDataset('fashion-mnist', { home });
    await expect(opening).rejects.toThrow(InputError);
    await expect(opening).rejects.toThrow(join(home, 'datasets', 'fashion-mnist'));
    await expect(opening).rejects.toThrow('train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images');
  });

  it.runIf(installed)(
    'finds the files of the Debian package',
    async () => {
      const dataset = await openDataset('fashion-mnist', { home: TEST_HOME });
      expect([...dataset.splits.train.labels.subarray(0, 10)]).toEqual([9, 0, 0, 3, 0, 2, 7, 2, 5, 5]);
      expect([...dataset.splits.test.labels.subarray(0, 10)]).toEqual([9, 2, 1, 1, 6, 1, 4, 6, 5, 7]);
      await dataset.close();
    },
    30_000,
  );
});
