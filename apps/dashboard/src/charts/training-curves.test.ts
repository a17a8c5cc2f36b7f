import { expect, it } from 'vitest';
import { trainingCurvesPlot } from './training-curves.ts';

const RUNS = [
  {
    name: 'a',
    allocation: 'cie',
    epochs: [
      { epoch: 0.5, loss: 2, top1: null },
      { epoch: 1, loss: 1, top1: 0.5 },
    ],
  },
  { name: 'b', allocation: 'uniform', epochs: [{ epoch: 1, loss: 1.5, top1: 0.4 }] },
  { name: 'c', allocation: 'cie', epochs: [] },
];

it('has a line for each run, of what was measured', () => {
  const places = (value: 'top1' | 'loss') =>
    trainingCurvesPlot(RUNS, value).series.map(({ points }) => points.map(({ x, y }) => [x, y]));
  expect(places('top1')).toEqual([[[1, 0.5]], [[1, 0.4]], []]);
  expect(places('loss')).toEqual([
    [
      [0.5, 2],
      [1, 1],
    ],
    [[1, 1.5]],
    [],
  ]);
});

it('tells runs of one colour apart by their dashes', () => {
  const [a, b, c] = trainingCurvesPlot(RUNS, 'top1').series;
  expect(a?.colour).toBe(c?.colour);
  expect([a, b, c].map((series) => series?.line)).toEqual(['solid', 'solid', 'dashed']);
});
