import { expect, it } from 'vitest';
import { LIGHT } from './palette.ts';
import { trainingCurvesOption } from './training-curves.ts';

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

interface Line {
  readonly name: string;
  readonly color: string;
  readonly lineStyle: { readonly type: string };
  readonly data: readonly (readonly number[])[];
}

const lines = (value: 'top1' | 'loss') =>
  (trainingCurvesOption(RUNS, value, LIGHT) as { series: Line[] }).series;

it('has a line for each run, of what was measured', () => {
  expect(lines('top1').map(({ data }) => data)).toEqual([[[1, 0.5]], [[1, 0.4]], []]);
  expect(lines('loss').map(({ data }) => data)).toEqual([
    [
      [0.5, 2],
      [1, 1],
    ],
    [[1, 1.5]],
    [],
  ]);
});

it('tells runs of one colour apart by their dashes', () => {
  const [a, b, c] = lines('top1');
  expect(a?.color).toBe(c?.color);
  expect([a, b, c].map((line) => line?.lineStyle.type)).toEqual(['solid', 'solid', 'dashed']);
});
