import { InputError } from '@espalier/errors';
import { describe, expect, it } from 'vitest';
import { below, samplePermutation, seededRandom, xoshiro128 } from './random.ts';

describe('xoshiro128', () => {
  it("gives the numbers of its authors' implementation", () => {
    const next = xoshiro128([1, 2, 3, 4]);
    expect(Array.from({ length: 10 }, next)).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ]);
  });
});

describe('seededRandom', () => {
  it('is uniform in [0, 1)', () => {
    const random = seededRandom(3);
    const draws = Array.from({ length: 20_000 }, random);
    const buckets = new Array<number>(10).fill(0);
    for (const draw of draws) buckets[Math.floor(draw * 10)] = (buckets[Math.floor(draw * 10)] ?? 0) + 1;
    expect(buckets).toHaveLength(10);
    for (const count of buckets) expect(Math.abs(count - 2000)).toBeLessThan(200);
  });

  it('repeats itself for a seed and differs between seeds', () => {
    expect(seededRandom(0)()).toBeCloseTo(0.8702547766733915, 12);
    expect(seededRandom(1)()).not.toBe(seededRandom(0)());
  });

  it('refuses what is no whole number', () => {
    expect(() => seededRandom(0.5)).toThrow(new InputError('a seed is a whole number, not 0.5', 'seed'));
  });
});

describe('below', () => {
  it('throws away the draws that would favour small numbers', () => {
    // 2^32 is one more than a multiple of 3, so the largest draw of all has no partners.
    const draws = [2 ** 32 - 1, 2 ** 32 - 2, 0];
    const next = () => draws.shift() ?? 0;
    expect(below(3, next)).toBe(2);
    expect(draws).toEqual([0]);
  });
});

// The expected orders come from the same definition written in Python.
describe('samplePermutation', () => {
  it.each([
    { size: 10, seed: 0, first: [5, 2, 4, 3, 1, 9, 6, 7, 0, 8] },
    { size: 5000, seed: 0, first: [805, 2816, 2998, 1308, 610, 4604, 1488, 3177] },
    { size: 5000, seed: 7, first: [1769, 1852, 3442, 224, 4942, 1401, 4028, 352] },
    { size: 5000, seed: -1, first: [4756, 2534, 3144, 3324] },
  ])('draws $size with seed $seed as ever', ({ size, seed, first }) => {
    expect([...samplePermutation(size, seed).subarray(0, first.length)]).toEqual(first);
  });

  it('holds every index once', () => {
    const order = samplePermutation(1000, 42);
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, i) => i));
  });

  it.each([0, 1])('copes with size %i', (size) => {
    expect(samplePermutation(size, 0)).toHaveLength(size);
  });
});
