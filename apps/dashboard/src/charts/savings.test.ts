import { expect, it } from 'vitest';
import { TOP1 } from '#src/format/quality.ts';
import { type PublishedPoint, placed, savingsPlot } from './savings.ts';
import type { RunPoint } from './scatter.ts';

const run = (id: string, macs: number, value: number): RunPoint => ({
  ...{
    id,
    name: id,
    allocation: 'cie',
    strategy: 'cie · l1',
    ...{ strategyKey: 'cie', networkHash: null },
    metric: 'MACS',
    share: 0.5,
  },
  ...{ macs, params: macs * 2, value, latencyMs: null, predictedMs: null },
});
const BASE = { value: 0.9, macs: 100, params: 400 };
const theirs = (edits: Partial<PublishedPoint> = {}): PublishedPoint => ({
  ...{ name: 'CHIP', source: 'NeurIPS 2021', baseTop1: 0.93, top1: 0.94, savedMacs: 0.5, savedParams: 0.4 },
  ...edits,
});

const seriesOf = (
  published: readonly PublishedPoint[],
  measure: 'savedMacs' | 'savedParams' = 'savedMacs',
) => {
  const runs = [run('half', 50, 0.89), run('worse', 50, 0.8), run('more', 20, 0.88)];
  const { series } = savingsPlot(runs, BASE, published, measure, TOP1);
  return new Map(series.map((each) => [each.name, each]));
};

it('draws runs and publications against their own bases', () => {
  const series = seriesOf([theirs()]);
  const [half] = series.get('cie')?.points ?? [];
  expect(half?.x).toBeCloseTo(0.5, 12);
  expect(half?.y).toBeCloseTo(-0.01, 12);
  const published = series.get('published');
  expect(published?.hollow).toBe(true);
  expect(published?.points[0]?.y).toBeCloseTo(0.01, 12);
  // Nothing to select or to open: a rectangle and a click go by ids.
  expect(published?.points[0]?.id).toBeUndefined();
});

it('keeps publications out of the front, however good they are', () => {
  const best = theirs({ baseTop1: 0.5, top1: 0.99, savedMacs: 0.99 });
  expect(seriesOf([best]).get('Pareto front')?.points).toEqual(seriesOf([]).get('Pareto front')?.points);
  expect(seriesOf([best]).get('Pareto front')?.points).toHaveLength(2);
});

it('places only what has both accuracies and the saving', () => {
  const some = [
    theirs(),
    theirs({ top1: null }),
    theirs({ baseTop1: null }),
    theirs({ savedMacs: null, savedParams: 0.3 }),
  ];
  expect(placed(some, 'savedMacs')).toHaveLength(1);
  expect(placed(some, 'savedParams').map(({ share }) => share)).toEqual([0.4, 0.3]);
});
