import { expect, it } from 'vitest';
import { TOP1 } from '#src/format/quality.ts';
import { curvesPlot, operatingCurves } from './curves.ts';
import type { RunPoint } from './scatter.ts';

const run = (allocation: string, share: number, seed: number, value: number): RunPoint => ({
  ...{ id: `${allocation} ${share} ${seed}`, name: '', allocation, metric: 'MACS', share },
  ...{ strategy: `${allocation} · l1`, strategyKey: allocation, networkHash: null },
  ...{ value, macs: 1, params: 1, latencyMs: null, predictedMs: null },
});
const runs = [
  run('cie', 0.7, 0, 0.8),
  run('cie', 0.5, 0, 0.9),
  run('cie', 0.5, 1, 0.88),
  run('uniform', 0.5, 0, 0.7),
  { ...run('uniform', 0.5, 1, 0.1), metric: 'PARAMS' },
];

it('takes the same network with two seeds for one result', () => {
  const same = [0, 1].map((seed) => ({ ...run('cie', 0.5, seed, 0.9), networkHash: 'n' }));
  const [curve] = operatingCurves([...same, { ...run('cie', 0.5, 2, 0.6), networkHash: 'm' }], 'MACS');
  expect(curve?.points).toMatchObject([{ mean: 0.75, lowest: 0.6, highest: 0.9, runs: 2 }]);
});

it('gives each strategy a curve of what its seeds reached', () => {
  expect(operatingCurves(runs, 'MACS')).toEqual([
    {
      ...{ allocation: 'cie', strategy: 'cie · l1' },
      points: [
        { share: 0.5, mean: 0.89, lowest: 0.88, highest: 0.9, runs: 2 },
        { share: 0.7, mean: 0.8, lowest: 0.8, highest: 0.8, runs: 1 },
      ],
    },
    {
      ...{ allocation: 'uniform', strategy: 'uniform · l1' },
      points: [{ share: 0.5, mean: 0.7, lowest: 0.7, highest: 0.7, runs: 1 }],
    },
  ]);
  expect(operatingCurves([], 'MACS')).toEqual([]);
});

it('gives runs with other limits a curve of their own, in the same colour and other dashes', () => {
  const limited = { ...run('cie', 0.5, 0, 0.6), strategy: 'cie · l1 · widths of 8', strategyKey: 'cie8' };
  const curves = operatingCurves([...runs, limited], 'MACS');
  expect(curves.map(({ strategy }) => strategy)).toEqual([
    'cie · l1',
    'uniform · l1',
    'cie · l1 · widths of 8',
  ]);
  const [cie, uniform, other] = curvesPlot(curves, { base: null, metric: TOP1 }, 'MACS').series;
  expect(other?.colour).toBe(cie?.colour);
  expect(uniform?.line).toBe(cie?.line);
  expect(other?.line).not.toBe(cie?.line);
});

it('draws bars only where seeds differ, and the unpruned network once', () => {
  const judged = { base: 0.92, metric: TOP1 };
  const { series, marks } = curvesPlot(operatingCurves(runs, 'MACS'), judged, 'MACS');
  expect(series.map(({ points, bars }) => [points.length, bars?.length])).toEqual([
    [2, 1],
    [1, 0],
  ]);
  expect(marks).toEqual([{ words: 'unpruned 92.00 %', y: 0.92 }]);
});
