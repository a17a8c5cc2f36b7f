import { expect, it } from 'vitest';
import { orderedGroups, placeOn, scaleOf } from './groups.ts';
import type { BestSpread, RatioGroup } from './ratios-query.ts';
import { type RatiosView, readRatiosView } from './view.ts';

const bestRun = {
  ...{ id: 'r', name: 'R', source: null, result: { evidence: null } },
  origin: 'ESPALIER',
} as const;
const spread = (mean: number, best: number, deviation: number | null = null): BestSpread => ({
  ...{ n: 2, mean, deviation, best, bestRun },
});
const group = (name: string, macs: BestSpread | null, drop: BestSpread | null, networks = 1): RatioGroup => ({
  ...{ model: { id: name, name }, dataset: null, project: null, strategy: null, target: null },
  ...{ runs: networks, networks, grounds: 1, qualityMetric: 'TOP1', drop, ratio: { macs } },
});
const GROUPS = [
  group('a', spread(2, 3), spread(0.02, 0.01), 3),
  group('b', null, null, 2),
  group('c', spread(4, 4), spread(-0.01, -0.02), 1),
];
const namesBy = (order: string) => {
  const view: RatiosView = readRatiosView({ order });
  return orderedGroups(GROUPS, view)
    .map(({ model }) => model?.name)
    .join('');
};

it('orders groups by what their columns show, those without a number last', () => {
  expect([namesBy(''), namesBy('-names')]).toEqual(['abc', 'cba']);
  expect([namesBy('ratio'), namesBy('-ratio')]).toEqual(['acb', 'cab']);
  expect([namesBy('best'), namesBy('-networks')]).toEqual(['acb', 'abc']);
  // A gain is the largest change.
  expect([namesBy('-change'), namesBy('least')]).toEqual(['cab', 'acb']);
});

it('draws all groups on one scale, with 1 on it', () => {
  const scale = scaleOf(GROUPS, 'macs');
  expect(scale).toEqual({ from: 1, to: 4 });
  expect(scaleOf([group('a', spread(0.8, 0.9, 0.3), null)], 'macs')).toEqual({ from: 0.5, to: 1.1 });
  expect(scaleOf([group('a', spread(1, 1), null)], 'macs')).toEqual({ from: 1, to: 2 });
  expect(scaleOf(GROUPS, 'latency')).toBe(null);
  expect(scale && [0, 1, 2.5, 9].map((value) => placeOn(scale, value))).toEqual([0, 0, 0.5, 1]);
});
