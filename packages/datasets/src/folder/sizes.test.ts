import { describe, expect, it } from 'vitest';
import { sizesOf, usualSize } from './sizes.ts';

const image = (width: number, height: number, gray = false) => ({ width, height, gray, sha256: '' });

it('sizes are told by the number of pixels, and the median of the shorter sides', () => {
  expect(sizesOf([image(100, 40), image(30, 60), image(50, 50)])).toEqual({
    smallest: { width: 30, height: 60 },
    largest: { width: 100, height: 40 },
    shorterSide: 40,
    gray: false,
  });
  expect(sizesOf([image(2, 3, true), image(2, 3, true)]).gray).toBe(true);
});

describe('the usual size', () => {
  const of = (side: number) => usualSize(sizesOf([image(side, side + 10)]));
  it.each([
    [10, 32, 32],
    [32, 32, 32],
    [63, 48, 48],
    [200, 192, 192],
    [224, 224, 224],
    [256, 224, 256],
    [4000, 224, 256],
  ])('of images whose shorter side is %i is %i, cut out of %i', (side, size, resize) => {
    expect(of(side)).toEqual({ height: size, width: size, resize });
  });
});
