import { packFlags } from '@espalier/engines';
import { expect, it } from 'vitest';
import { toldOf } from './told.ts';

// Of 10 images the first 6 are right.
const hits = packFlags([1, 1, 1, 1, 1, 1, 0, 0, 0, 0]);
const told = { value: 0.6, hits, images: 10 };

it('holds a value against what was told of the same images', () => {
  expect(toldOf('top1', told, { value: 0.5, n: 10, drawn: null })).toEqual({ told: 0.6, standardError: 0 });
  expect(toldOf('top1', told, { value: 0.5, n: 4, drawn: [9, 0, 8, 7] })).toEqual({
    told: 0.25,
    standardError: 0,
  });
});

it('else against the whole split, with the error of drawing from it', () => {
  const found = { value: 0.5, n: 4, drawn: [9, 0, 8, 7] };
  // sqrt(0.5 * 0.5 / 4 * 6 / 9)
  const { told: of, standardError } = toldOf('top1', { ...told, hits: null }, found);
  expect(of).toBe(0.6);
  expect(standardError).toBeCloseTo(0.20412, 5);
  expect(toldOf('top5', told, found).standardError).toBeCloseTo(0.20412, 5);
  expect(toldOf('loss', { ...told, value: 1.2 }, found)).toEqual({ told: 1.2, standardError: null });
});

it('nothing is made up where nothing was told', () => {
  expect(toldOf('top1', { ...told, value: null }, { value: 0.5, n: 10, drawn: null }).told).toBeNull();
});
