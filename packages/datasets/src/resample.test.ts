import { InputError } from '@espalier/errors';
import { describe, expect, it } from 'vitest';
import type { Geometry } from './dataset.ts';
import { checkGeometry, resample } from './resample.ts';

/** 6 rows of 9 pixels. */
const PATTERN = Uint8Array.from({ length: 54 }, (_, i) => {
  const x = i % 9;
  const y = Math.floor(i / 9);
  return x * 37 + y * 91 + x * y * 13;
});
const SHAPE = { width: 9, height: 6, channels: 1 } as const;

// The expected pixels come from Pillow's bilinear resize, which torchvision uses.
describe('resample', () => {
  it('shrinks over the whole footprint of a pixel', () => {
    const pixels = resample(PATTERN, SHAPE, { height: 3, width: 5, channels: 1 });
    expect([...pixels]).toEqual([89, 134, 130, 145, 124, 130, 143, 144, 136, 127, 124, 132, 148, 121, 149]);
  });

  it('enlarges with pixel centres on pixel centres', () => {
    const row = Uint8Array.of(0, 100, 20, 200);
    const from = { width: 4, height: 1, channels: 1 } as const;
    const double = resample(row, from, { height: 1, width: 8, channels: 1 });
    expect([...double]).toEqual([0, 25, 75, 80, 40, 65, 155, 200]);
    const half = resample(row, from, { height: 1, width: 6, channels: 1 });
    expect([...half]).toEqual([0, 50, 87, 33, 110, 200]);
    const both = resample(PATTERN, SHAPE, { height: 9, width: 12, channels: 1 });
    expect([...both.subarray(0, 24)]).toEqual([
      0, 23, 51, 79, 106, 134, 162, 190, 217, 85, 17, 40, 46, 73, 106, 138, 171, 123, 108, 141, 173, 126, 111,
      138,
    ]);
  });

  it('scales the shorter side and cuts out the centre', () => {
    const pixels = resample(PATTERN, SHAPE, { height: 3, width: 3, channels: 1, resize: 4 });
    expect([...pixels]).toEqual([137, 138, 145, 147, 149, 115, 159, 127, 143]);
  });

  it('cuts without scaling where the shorter side fits', () => {
    const pixels = resample(PATTERN, SHAPE, { height: 2, width: 3, channels: 1, resize: 6 });
    const at = (y: number, x: number) => PATTERN[y * 9 + x];
    expect([...pixels]).toEqual([at(2, 3), at(2, 4), at(2, 5), at(3, 3), at(3, 4), at(3, 5)]);
  });

  it('makes grey colour and colour grey', () => {
    const colours = Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 200, 90);
    const from = { width: 4, height: 1, channels: 3 } as const;
    expect([...resample(colours, from, { height: 1, width: 4, channels: 1 })]).toEqual([76, 150, 29, 131]);
    const grey = Uint8Array.of(7, 200);
    const rgb = resample(grey, { width: 2, height: 1, channels: 1 }, { height: 1, width: 2, channels: 3 });
    expect([...rgb]).toEqual([7, 7, 7, 200, 200, 200]);
  });
});

describe('checkGeometry', () => {
  it.each<[Geometry, string]>([
    [{ height: 0, width: 4, channels: 3 }, 'a positive whole number of pixels, not 0, 4'],
    [{ height: 4, width: 4.5, channels: 3 }, 'not 4, 4.5'],
    [
      { height: 4, width: 8, channels: 3, resize: 7 },
      'shorter side is resized to 7: give a resize of at least 8, or none',
    ],
  ])('refuses %o', (geometry, message) => {
    expect(() => checkGeometry(geometry)).toThrow(InputError);
    expect(() => checkGeometry(geometry)).toThrow(message);
  });
});
