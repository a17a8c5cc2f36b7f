import { packFlags } from '@espalier/engines';
import { describe, expect, it, test } from 'vitest';
import { type Hits, pairedTest } from './paired-test.ts';

/** Hits of two networks that disagree on b and c images. */
function hits(b: number, c: number, both = 10): [Hits, Hits] {
  const images = b + c + both;
  const flags = (one: number, other: number): Hits => ({
    bits: packFlags(Array.from({ length: images }, (_, i) => (i < b ? one : i < b + c ? other : 1))),
    images,
  });
  return [flags(1, 0), flags(0, 1)];
}

describe('pairedTest', () => {
  // min(1, 2 * sum(comb(b + c, i) for i in range(min(b, c) + 1)) / 2 ** (b + c)) in Python's exact fractions.
  test.each([
    [0, 0, 1],
    [1, 0, 1],
    [5, 5, 1],
    [0, 6, 0.03125],
    [10, 2, 0.03857421875],
    [9, 21, 0.04277394525706768],
    [121, 59, 4.434449263755176e-6],
    [400, 300, 0.00017847631448562445],
    [2600, 2400, 0.004883649737517518],
  ])('b = %i, c = %i: p = %d', (b, c, p) => {
    expect(pairedTest(...hits(b, c)).p / p).toBeCloseTo(1, 9);
    expect(pairedTest(...hits(c, b)).p / p).toBeCloseTo(1, 9);
  });

  it('is 0 where it is smaller than a number can be', () => {
    expect(pairedTest(...hits(3000, 200)).p).toBe(0);
  });

  it('counts who is right alone, and how sure the difference is', () => {
    // Differences +1 (10 times), -1 (2), 0 (88): statistics.stdev(...) / 10 of Python.
    expect(pairedTest(...hits(10, 2, 88))).toMatchObject({ b: 10, c: 2, images: 100, difference: 0.08 });
    expect(pairedTest(...hits(10, 2, 88)).standardError).toBeCloseTo(0.03387439663632029, 10);
  });

  it('refuses images that are not the same, or none', () => {
    const none = (images: number): Hits => ({ bits: new Uint8Array(Math.ceil(images / 8)), images });
    expect(() => pairedTest(none(3), none(4))).toThrow('not 3 and 4');
    expect(() => pairedTest(none(0), none(0))).toThrow('not 0 and 0');
  });
});
