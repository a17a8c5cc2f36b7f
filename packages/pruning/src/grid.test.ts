import { InputError } from '@espalier/errors';
import { expect, test } from 'vitest';
import { parseGrid, unitsRemoved } from './grid.ts';

test('a range has no rounding dust', () => {
  expect(parseGrid('0.1:0.9:0.1')).toEqual([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]);
});

test('a list is sorted and freed of doubles', () => {
  expect(parseGrid('0.5,0.25,0.5')).toEqual([0.25, 0.5]);
});

test.each([
  '',
  ' ',
  '0',
  '1',
  '0,0.5',
  '0.1:1:0.1',
  '-0.1',
  'a',
  '0.1:0.9',
  '0.1:0.9:0',
  '0.9:0.1:0.1',
  '0.1,,0.2',
  '1:2:3:4',
])('refuses "%s"', (text) => {
  expect(() => parseGrid(text)).toThrow(InputError);
});

test('a grid with more ratios than make sense is refused in a short line, as a list and as a range', () => {
  const list = Array.from({ length: 1001 }, (_, i) => (i + 1) / 1002);
  expect(() => parseGrid(list.join(','))).toThrow('the grid lists 1001 ratios; at most 1000 make sense');
  expect(parseGrid(list.slice(0, 1000).join(','))).toHaveLength(1000);
  expect(() => parseGrid('0.0001:0.9999:0.0001')).toThrow('has 9999 ratios');
  expect(() => parseGrid('x'.repeat(1e6))).toThrow(/^.{0,250}$/);
});

test.each([
  [0.1, 10, 1],
  [0.3, 10, 3],
  [0.7, 10, 7],
  [0.1, 9, 0],
  [0.9, 16, 14],
  [0.99, 4, 3],
  [0.999, 1, 0],
])('ratio %d of %d units removes %d', (ratio, width, removed) => {
  expect(unitsRemoved(ratio, width)).toBe(removed);
});
