import { expect, it } from 'vitest';
import { TOP1 } from '#src/format/quality.ts';
import { sensitivityOption, trainingOption } from './lines.ts';
import type { Matrix } from './matrix.ts';
import { LIGHT } from './palette.ts';

// biome-ignore lint/suspicious/noExplicitAny: the option is the library's loose shape
const seriesOf = (option: unknown) => (option as any).series as { name: string; data: number[][] }[];

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
  const series = seriesOf(sensitivityOption(matrix, 'stem', LIGHT, decision));
  expect(series.map(({ data }) => data)).toEqual([
    [
      [0.25, 0.1],
      [0.5, 0.5],
    ],
    [
      [0.25, 0.05, 0.1 + 0.05],
      [0.5, 0.25, 0.75],
    ],
  ]);
  // biome-ignore lint/suspicious/noExplicitAny: the option is the library's loose shape
  expect((series[0] as any).markLine.data).toMatchObject([{ yAxis: 0.3 }, { xAxis: 0.4 }]);
});

it('leaves out epochs whose accuracy was not measured', () => {
  const series = seriesOf(
    trainingOption(
      [
        { epoch: 0.5, loss: 1.5, top1: null },
        { epoch: 1, loss: 1.2, top1: 0.6 },
      ],
      LIGHT,
    ),
  );
  expect(series[0]?.data).toEqual([[1, 0.6]]);
  expect(series[1]?.data).toHaveLength(2);
});
