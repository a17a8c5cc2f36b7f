import { InputError } from '@espalier/errors';
import type { Preprocessing } from '@espalier/network';
import { describe, expect, it } from 'vitest';
import type { Dataset, ImageShape } from './dataset.ts';
import { defaultPreprocessing, geometryOf, toInput } from './preprocessing.ts';

const RGB: Preprocessing = {
  layout: 'NCHW',
  channels: 'RGB',
  size: [1, 2],
  scale: 1 / 255,
  mean: [0.1, 0.2, 0.3],
  std: [0.5, 0.25, 2],
};

/** Two images of two pixels: 51 is 0.2, 102 is 0.4, 204 is 0.8. */
const PIXELS = Uint8Array.of(0, 51, 102, 255, 204, 51, 51, 51, 51, 0, 0, 255);

describe('toInput', () => {
  it('normalises into planes, one a channel', () => {
    const input = toInput(PIXELS, 2, RGB);
    const expected = [-0.2, 1.8, 0, 2.4, 0.05, -0.05, 0.2, -0.2, 0, -0.8, -0.05, 0.35];
    expect(input).toHaveLength(expected.length);
    for (const [i, value] of expected.entries()) expect(input[i]).toBeCloseTo(value, 6);
  });

  it('puts blue first for BGR, with mean and std in that order', () => {
    const blueFirst = toInput(PIXELS, 2, {
      ...RGB,
      channels: 'BGR',
      mean: [...RGB.mean].reverse(),
      std: [...RGB.std].reverse(),
    });
    const input = toInput(PIXELS, 2, RGB);
    expect([...blueFirst]).toEqual([4, 5, 2, 3, 0, 1, 10, 11, 8, 9, 6, 7].map((place) => input[place]));
  });

  it('takes grey pixels', () => {
    const grey: Preprocessing = { ...RGB, channels: 'gray', mean: [0], std: [1], scale: 1 };
    expect([...toInput(Uint8Array.of(3, 7), 1, grey)]).toEqual([3, 7]);
  });

  it('fills the array it is given', () => {
    const into = new Float32Array(20).fill(9);
    const input = toInput(PIXELS, 2, RGB, into);
    expect(input.buffer).toBe(into.buffer);
    expect(input).toEqual(toInput(PIXELS, 2, RGB));
    expect([...into.subarray(12)]).toEqual(new Array(8).fill(9));
  });

  it('refuses another number of pixels or too little room', () => {
    expect(() => toInput(PIXELS, 3, RGB)).toThrow('3 images of 1x2x3 are 18 bytes, not 12');
    expect(() => toInput(PIXELS, 2, RGB, new Float32Array(11))).toThrow(RangeError);
  });

  it.each([
    [{ mean: [0.5] }, 'preprocessing: RGB needs 3 values of mean and std, not 1 and 3'],
    [{ std: [1, 0, 1] }, 'channel 1 cannot be normalised'],
    [{ scale: Number.NaN }, 'channel 0 cannot be normalised'],
  ])('refuses %o', (wrong, message) => {
    expect(() => toInput(PIXELS, 2, { ...RGB, ...wrong })).toThrow(InputError);
    expect(() => toInput(PIXELS, 2, { ...RGB, ...wrong })).toThrow(message);
  });
});

describe('geometryOf', () => {
  it('carries size, channels and resize', () => {
    expect(geometryOf(RGB)).toEqual({ height: 1, width: 2, channels: 3 });
    expect(geometryOf({ ...RGB, channels: 'gray', resize: 8 })).toEqual({
      height: 1,
      width: 2,
      channels: 1,
      resize: 8,
    });
  });
});

describe('defaultPreprocessing', () => {
  it.each<[string, ImageShape | null, Partial<Preprocessing>]>([
    ['cifar10', shape(32, 3), { channels: 'RGB', size: [32, 32], mean: [0.4914, 0.4822, 0.4465] }],
    ['mnist', shape(28, 1), { channels: 'gray', size: [28, 28], mean: [0.1307], std: [0.3081] }],
    ['leaves', shape(64, 3), { channels: 'RGB', size: [64, 64], mean: [0.485, 0.456, 0.406] }],
    ['leaves', shape(1024, 1), { channels: 'gray', size: [224, 224], resize: 256, mean: [0.449] }],
    ['mnist', null, { channels: 'RGB', size: [224, 224], resize: 256, mean: [0.485, 0.456, 0.406] }],
  ])('of %s with images %o', (name, image, expected) => {
    const metadata = defaultPreprocessing(datasetWith(name, image));
    expect(metadata.input).toMatchObject(expected);
    expect(metadata).toMatchObject({ output: 'logits', classes: ['a', 'b'] });
    expect('resize' in metadata.input).toBe('resize' in expected);
  });
});

describe('defaultPreprocessing for a network of another kind than the images', () => {
  it.each<[string, ImageShape | null, 1 | 3, Partial<Preprocessing>]>([
    ['cifar10', shape(32, 3), 1, { channels: 'gray', mean: [0.4734], std: [0.2507] }],
    ['mnist', shape(28, 1), 3, { channels: 'RGB', mean: [0.1307, 0.1307, 0.1307], size: [28, 28] }],
    ['leaves', shape(28, 1), 3, { channels: 'RGB', mean: [0.485, 0.456, 0.406] }],
    ['leaves', null, 1, { channels: 'gray', mean: [0.449], std: [0.226], resize: 256 }],
  ])('%s with images %o, %i channels', (name, image, channels, expected) => {
    expect(defaultPreprocessing(datasetWith(name, image), channels).input).toMatchObject(expected);
  });
});

function shape(side: number, channels: 1 | 3): ImageShape {
  return { width: side, height: side, channels };
}

function datasetWith(name: string, image: ImageShape | null): Dataset {
  const none = { n: 0, labels: new Uint16Array() };
  return {
    name,
    classes: ['a', 'b'],
    hash: '',
    splits: { train: none, search: none, test: none },
    image,
    pixels: async () => new Uint8Array(),
    facts: async () => [],
    close: async () => undefined,
  };
}
