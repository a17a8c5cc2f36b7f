import { InputError } from '@espalier/errors';
import { describe, expect, it } from 'vitest';
import type { Geometry } from './dataset.ts';
import { checkGeometry, placementOf, resample } from './resample.ts';

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

  it('fits all of an image in with its proportions kept, a colour around it', () => {
    const row = Uint8Array.of(10, 20, 30, 40, 50, 60, 70, 80);
    const from = { width: 4, height: 2, channels: 1 } as const;
    const high = resample(row, from, { height: 5, width: 4, channels: 1, letterbox: [114] });
    expect([...high]).toEqual([114, 114, 114, 114, ...row, ...Array.from({ length: 8 }, () => 114)]);
    const wide = resample(row, from, { height: 2, width: 7, channels: 3, letterbox: [1, 2, 3] });
    const at = (y: number, x: number) => [...wide.subarray((y * 7 + x) * 3, (y * 7 + x + 1) * 3)];
    expect([at(0, 0), at(0, 1), at(1, 4), at(1, 6)]).toEqual([
      [1, 2, 3],
      [10, 10, 10],
      [80, 80, 80],
      [1, 2, 3],
    ]);
    // Twice as large: sides are the nearest whole pixels.
    const large = resample(row, from, { height: 5, width: 8, channels: 1, letterbox: [0] });
    expect([...large.subarray(0, 8)]).toEqual([10, 13, 18, 23, 28, 33, 38, 40]);
    expect([...large.subarray(32)]).toEqual(new Array(8).fill(0));
  });

  it('tells where an image lies on the input, so that boxes can be told of the image', () => {
    const from = { width: 640, height: 480 };
    const size = { height: 320, width: 320, channels: 3 } as const;
    expect(placementOf(from, { ...size, letterbox: [114, 114, 114] })).toEqual({
      ...{ top: 40, left: 0, vertical: 0.5, horizontal: 0.5 },
    });
    expect(placementOf(from, size)).toEqual({ top: 0, left: 0, vertical: 320 / 480, horizontal: 0.5 });
    expect(placementOf(from, { ...size, resize: 360 })).toEqual({
      ...{ top: -20, left: -80, vertical: 0.75, horizontal: 0.75 },
    });
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
    [
      { height: 4, width: 4, channels: 3, letterbox: [114] },
      'a letterbox has 3 value(s), one per channel, not 1',
    ],
    [{ height: 4, width: 4, channels: 1, letterbox: [114], resize: 5 }, 'give only one of them'],
  ])('refuses %o', (geometry, message) => {
    expect(() => checkGeometry(geometry)).toThrow(InputError);
    expect(() => checkGeometry(geometry)).toThrow(message);
  });
});
