import { expect, it } from 'vitest';
import { expected } from './expected.ts';

const run = {
  ...{ modelId: 'm', datasetId: 'd', epochs: 10, rounds: 0, seconds: 60 },
  ...{ trainSeconds: 50, macs: 1000, trainImages: 100 },
};
const past = [run, { ...run, seconds: 90 }, { ...run, seconds: 600 }, { ...run, epochs: 0, seconds: 1 }];

it('goes by the median of equal runs, shared by the workers', () => {
  expect(expected(past, run, 5, 2)).toEqual({ seconds: 270, runs: 3 });
  expect(expected(past, { ...run, epochs: 0 }, 1, 0)).toEqual({ seconds: 1, runs: 1 });
});

it('does not guess', () => {
  expect(expected(past, { ...run, modelId: 'other' }, 1, 1)).toBe(null);
  expect(expected(past, { ...run, rounds: 3 }, 1, 1)).toBe(null);
  expect(expected([], run, 1, 1)).toBe(null);
});
