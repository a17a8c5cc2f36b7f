import { expect, it } from 'vitest';
import { keptLines, parallelAxes, piecesOf } from './parallel.ts';

const AXES = parallelAxes([
  { name: 'allocation', values: ['uniform', 'cie', 'cie'] },
  { name: 'top-1', values: [0.8, 0.9, null], format: (value) => `${value * 100} %` },
  { name: 'seed', values: [3, 3, 3] },
]);

it('has an axis each dimension, and each run a place on those that it has a value of', () => {
  expect(AXES.map(({ places }) => places)).toEqual([
    [0.75, 0.25, 0.25],
    [0, 1, null],
    [0.5, 0.5, 0.5],
  ]);
  const [allocation, top1] = AXES;
  expect(allocation?.ticks.map(({ words }) => words)).toEqual(['cie', 'uniform']);
  expect(top1?.ticks.at(0)).toEqual({ at: 0, words: '80 %' });
});

it('a line breaks off where it lacks a value', () => {
  expect(piecesOf(AXES, 1)).toEqual([
    [
      { axis: 0, at: 0.25 },
      { axis: 1, at: 1 },
      { axis: 2, at: 0.5 },
    ],
  ]);
  expect(piecesOf(AXES, 2)).toEqual([[{ axis: 0, at: 0.25 }], [{ axis: 2, at: 0.5 }]]);
});

it('keeps the lines that lie in all parts that were chosen', () => {
  expect(keptLines(AXES, new Map())).toBe(null);
  expect(keptLines(AXES, new Map([[0, { low: 0, high: 0.5 }]]))).toEqual([1, 2]);
  const both = new Map([
    [0, { low: 0, high: 0.5 }],
    [1, { low: 0, high: 1 }],
  ]);
  expect(keptLines(AXES, both)).toEqual([1]);
});
