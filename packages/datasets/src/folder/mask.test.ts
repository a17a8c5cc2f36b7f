import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { maskPng } from '../../test/mask-png.ts';
import { decodeMask } from './mask.ts';

const size = { width: 13, height: 7 };
const values = (most: number) =>
  Uint8Array.from({ length: size.width * size.height }, (_, i) => (i * i + (i >> 2)) % (most + 1));

describe('a mask is what stands in the file', () => {
  it.each([1, 2, 4, 8])('of a palette and of grey, %i bits a pixel', (depth) => {
    const data = values(2 ** depth - 1);
    for (const colour of [0, 3]) {
      expect(decodeMask(maskPng(data, { ...size, depth, colour }))).toEqual({ ...size, data });
    }
  });

  it('whatever its rows are filtered by', async () => {
    const smooth = Uint8Array.from({ length: 64 * 64 }, (_, i) => (i % 64) + (i >> 6) * 2 + ((i * 7919) % 3));
    const raw = { raw: { width: 64, height: 64, channels: 1 as const } };
    for (const adaptiveFiltering of [true, false]) {
      const bytes = await sharp(smooth, raw).toColourspace('b-w').png({ adaptiveFiltering }).toBuffer();
      expect(decodeMask(bytes)).toEqual({ width: 64, height: 64, data: smooth });
    }
  });
});

it.each([
  ['something else', Buffer.from('GIF89a, not at all'), 'it is no PNG'],
  [
    'colours',
    maskPng(values(255), { ...size, colour: 2 }),
    'it has colours: a mask is grey or has a palette',
  ],
  ['deep grey', maskPng(values(255), { ...size, depth: 16 }), 'it has 16 bits a pixel: a mask has at most 8'],
  ['interlaced rows', maskPng(values(255), { ...size, interlaced: 1 }), 'it is interlaced: save it without'],
  ['too few rows', maskPng(values(255), { ...size, rows: 3 }), 'it is cut off'],
  ['no header', Buffer.from('89504e470d0a1a0a', 'hex'), 'it has no header'],
])('is refused: %s', (_, bytes, says) => {
  expect(() => decodeMask(bytes)).toThrow(says);
});
