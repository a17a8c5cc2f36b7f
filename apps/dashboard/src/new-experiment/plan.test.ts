import { expect, it } from 'vitest';
import {
  countRuns,
  type ExperimentDraft,
  problemOf,
  readPair,
  readSeeds,
  readShares,
  withSharesByHand,
} from './plan.ts';

const draft: ExperimentDraft = {
  ...{ name: 'n', modelId: 'model_1', datasetId: 'data_1', samples: 1000, grid: '0.1:0.9:0.1' },
  ...{ strategies: ['cie/l1'], metric: 'macs', shares: [0.5], seeds: [0] },
  ...{ epochs: 10, learningRate: 0.05, recalibrate: 0 },
};
const allocations = [
  { name: 'cie', sharesSampling: true },
  { name: 'uniform', sharesSampling: false },
];

it('counts every combination, and a sampling run once for each criterion that needs one', () => {
  const strategies = ['cie/l1', 'cie/fpgm', 'uniform/l1', 'uniform/random'];
  expect(
    countRuns({ metric: 'macs', strategies, shares: [0.3, 0.5], seeds: [0, 1, 2] }, allocations),
  ).toEqual({
    runs: 24,
    samplings: 2,
  });
});

it('takes shares by hand once, whatever the names of groups are', () => {
  const first = withSharesByHand(['cie/l1'], ' /a/b=0.5 ', 'l1:max');
  expect(first).toEqual(['cie/l1', 'manual(/a/b=0.5)/l1:max']);
  expect(first.map(readPair)[1]).toEqual({ allocation: 'manual(/a/b=0.5)', criterion: 'l1:max' });
  expect(withSharesByHand(first, '*=0.1', 'l1')).toEqual(['cie/l1', 'manual(*=0.1)/l1']);
  expect(withSharesByHand(first, '', 'l1')).toEqual(['cie/l1']);
  const draft = { metric: 'macs' as const, strategies: first, shares: [0.5], seeds: [0, 1] };
  expect(countRuns(draft, allocations)).toEqual({ runs: 4, samplings: 1 });
});

it('names the first thing that is missing', () => {
  expect(problemOf(draft, 0.9)).toBe(null);
  expect(problemOf({ ...draft, modelId: '' }, null)).toBe('Choose a model.');
  expect(problemOf({ ...draft, strategies: [] }, null)).toBe('Tick at least one strategy.');
  expect(problemOf({ ...draft, shares: [0.3, 1] }, null)).toBe('A share to remove lies between 0 and 100 %.');
  expect(problemOf({ ...draft, shares: [0.95] }, 0.9)).toBe(
    '95 % is out of reach: at most 90.0 % of the MACs can go.',
  );
});

it('reads lists as people write them', () => {
  expect(readSeeds('0, 1,2  2 x')).toEqual([0, 1, 2]);
  expect(readShares('30 %, 50; 12.5')).toEqual([0.3, 0.5, 0.125]);
  expect(readShares('')).toEqual([]);
});
