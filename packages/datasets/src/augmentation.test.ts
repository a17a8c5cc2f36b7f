import { describe, expect, it } from 'vitest';
import { augment } from './augmentation.ts';
import { seededGenerator } from './random.ts';

const geometry = { height: 3, width: 4, channels: 3 as const };
const SIZE = 3 * 4 * 3;

/** Each pixel holds its image, row, column and channel. */
function numbered(n: number): Uint8Array {
  return Uint8Array.from({ length: n * SIZE }, (_, i) => 1 + (i % 250));
}

/** By definition, a pixel at a time. */
function moved(image: Uint8Array, down: number, right: number, mirrored: boolean): Uint8Array {
  const result = new Uint8Array(SIZE);
  for (let row = 0; row < 3; row++) {
    for (let column = 0; column < 4; column++) {
      const [from, across] = [row + down, (mirrored ? 3 - column : column) + right];
      if (from < 0 || from >= 3 || across < 0 || across >= 4) continue;
      for (let channel = 0; channel < 3; channel++) {
        result[(row * 4 + column) * 3 + channel] = image[(from * 4 + across) * 3 + channel] ?? 0;
      }
    }
  }
  return result;
}

describe('augment', () => {
  it('changes nothing without crop and flip', () => {
    const pixels = numbered(3);
    const result = augment(pixels, geometry, { crop: 0, flip: false }, seededGenerator(1));
    expect(result).toEqual(pixels);
    expect(result).not.toBe(pixels);
  });

  it('moves and mirrors every image as one of the possible crops, with black around it', () => {
    const pixels = numbered(400);
    const result = augment(pixels, geometry, { crop: 2, flip: true }, seededGenerator(2));
    const seen = new Set<string>();
    for (let image = 0; image < 400; image++) {
      const [before, after] = [pixels, result].map((all) => all.subarray(image * SIZE, (image + 1) * SIZE));
      const found: string[] = [];
      for (let down = -2; down <= 2; down++) {
        for (let right = -2; right <= 2; right++) {
          for (const mirrored of [false, true]) {
            const expected = moved(before as Uint8Array, down, right, mirrored);
            if (Buffer.compare(expected, after as Uint8Array) === 0)
              found.push(`${down} ${right} ${mirrored}`);
          }
        }
      }
      expect(found.length).toBeGreaterThan(0);
      for (const each of found) seen.add(each);
    }
    expect(seen.size).toBe(50);
  });

  it('draws the same for the same seed, and something else for another', () => {
    const pixels = numbered(20);
    const of = (seed: number) => augment(pixels, geometry, { crop: 1, flip: true }, seededGenerator(seed));
    expect(of(3)).toEqual(of(3));
    expect(of(3)).not.toEqual(of(4));
  });
});
