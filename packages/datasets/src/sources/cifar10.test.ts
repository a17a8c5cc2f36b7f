import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TEST_HOME } from '../../test/test-home.ts';
import type { Dataset, Geometry, SplitName } from '../dataset.ts';
import { openDataset } from '../open.ts';
import { resample } from '../resample.ts';

const NATIVE: Geometry = { height: 32, width: 32, channels: 3 };
const PIXELS_PER_IMAGE = 32 * 32;

let dataset: Dataset;

beforeAll(async () => {
  dataset = await openDataset('cifar10', { home: TEST_HOME });
}, 60_000);

afterAll(() => dataset.close());

/** The first three values of an image in red and the last three in blue, the ends of a row in the published files. */
async function ends(split: SplitName, index: number): Promise<(number | undefined)[]> {
  const pixels = await dataset.pixels(split, [index], NATIVE);
  const at = (pixel: number, channel: number) => pixels[pixel * 3 + channel];
  const last = [3, 2, 1].map((back) => PIXELS_PER_IMAGE - back);
  return [...[0, 1, 2].map((pixel) => at(pixel, 0)), ...last.map((pixel) => at(pixel, 2))];
}

describe('cifar10', () => {
  it('has the splits of the contract', () => {
    const { train, search, test } = dataset.splits;
    expect([train.n, search.n, test.n]).toEqual([45_000, 5000, 10_000]);
    expect(dataset.image).toEqual({ width: 32, height: 32, channels: 3 });
    expect(dataset.classes).toHaveLength(10);
    expect(dataset.classes.at(0)).toBe('airplane');
    expect(dataset.classes.at(9)).toBe('truck');
  });

  it('has the labels of the data set, in its order', () => {
    const { train, search, test } = dataset.splits;
    expect([...train.labels.subarray(0, 10)]).toEqual([6, 9, 9, 4, 1, 1, 2, 7, 8, 3]);
    expect([...test.labels.subarray(0, 10)]).toEqual([3, 8, 8, 0, 6, 6, 1, 6, 3, 1]);
    const perClass = (labels: Uint16Array) =>
      dataset.classes.map((_, label) => labels.filter((l) => l === label).length);
    expect(perClass(test.labels)).toEqual(new Array(10).fill(1000));
    const training = perClass(train.labels).map((n, label) => n + (perClass(search.labels)[label] ?? 0));
    expect(training).toEqual(new Array(10).fill(5000));
  });

  // As numpy prints the arrays of data_batch_1 and test_batch of the published Python version.
  it.each<[SplitName, number, number[]]>([
    ['train', 0, [59, 43, 50, 140, 84, 72]],
    ['train', 1, [154, 126, 105, 139, 142, 144]],
    ['train', 2, [255, 253, 253, 83, 83, 84]],
    ['train', 9997, [71, 60, 74, 68, 69, 68]],
    ['train', 9998, [250, 254, 211, 215, 255, 254]],
    ['train', 9999, [62, 61, 60, 130, 130, 131]],
    ['test', 0, [158, 159, 165, 124, 129, 110]],
    ['test', 9999, [73, 98, 99, 94, 58, 26]],
  ])('has the pixels of the data set: %s %i', async (split, index, expected) => {
    expect(await ends(split, index)).toEqual(expected);
  });

  it('keeps its hash', () => {
    expect(dataset.hash).toBe('3985b34dcfb6cc2463c4ff8085c5f811b8b26abd3e8e6c3c6a664b5d48a85bbf');
  });

  it('gives images in the order asked for, and by themselves the same', async () => {
    const together = await dataset.pixels('search', [4999, 17, 18, 0], NATIVE);
    const size = PIXELS_PER_IMAGE * 3;
    for (const [position, index] of [4999, 17, 18, 0].entries()) {
      const alone = await dataset.pixels('search', [index], NATIVE);
      expect(together.subarray(position * size, (position + 1) * size)).toEqual(alone);
    }
  });

  it('brings images to another size and to grey', async () => {
    const geometry = { height: 56, width: 48, channels: 1 } as const;
    const pixels = await dataset.pixels('test', [3, 8], geometry);
    expect(pixels).toHaveLength(2 * 56 * 48);
    const stored = await dataset.pixels('test', [8], NATIVE);
    const expected = resample(stored, { ...NATIVE, channels: 3 }, geometry);
    expect(pixels.subarray(56 * 48)).toEqual(expected);
  });

  it('refuses an index outside of the split', async () => {
    await expect(dataset.pixels('search', [5000], NATIVE)).rejects.toThrow(
      new RangeError('the search split has images 0..4999, not 5000'),
    );
    await expect(dataset.pixels('search', [-1], NATIVE)).rejects.toThrow(RangeError);
  });
});
