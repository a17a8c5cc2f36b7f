import { expect, it } from 'vitest';
import { TOP1 } from '#src/format/quality.ts';
import { sensitivityPlot, trainingPlot } from './lines.ts';
import type { Matrix } from './matrix.ts';
import { scalesOf } from './plot.ts';

it('draws a row of the matrix with its error', () => {
  const empty = [[0, 0]];
  const matrix: Matrix = {
    ...{
      groups: ['stem'],
      grid: [0.25, 0.5],
      metric: TOP1,
      values: empty,
      contribution: empty,
      monotoneDrop: empty,
    },
    ...{ drop: [[0.1, 0.5]], standardError: [[0.05, 0.25]] },
  };
  const decision = { removed: 0.4, tolerance: 0.3 };
  const { series, marks } = sensitivityPlot(matrix, 'stem', decision);
  expect(series[0]?.points).toMatchObject([
    { x: 0.25, y: 0.1 },
    { x: 0.5, y: 0.5 },
  ]);
  expect(series[0]?.bars).toEqual([
    { x: 0.25, low: 0.05, high: 0.1 + 0.05 },
    { x: 0.5, low: 0.25, high: 0.75 },
  ]);
  expect(marks).toMatchObject([{ y: 0 }, { y: 0.3 }, { x: 0.4 }]);
});

it('leaves out epochs whose accuracy was not measured, and shares end at all of it', () => {
  const plot = trainingPlot([
    { epoch: 0.5, loss: 1.5, top1: null },
    { epoch: 1, loss: 1.2, top1: 0.97 },
  ]);
  const [top1, loss] = plot.series;
  expect(top1?.points).toMatchObject([{ x: 1, y: 0.97 }]);
  expect(loss).toMatchObject({ right: true, points: [{ y: 1.5 }, { y: 1.2 }] });
  expect(scalesOf(plot, plot.series, { across: 5, up: 6 }).y.high).toBe(1);
});
