import { expect, it } from 'vitest';
import { firstSteps } from './first-steps.ts';

const done = (so: Partial<Parameters<typeof firstSteps>[0]>) =>
  firstSteps({ models: 0, datasets: 0, experiments: 0, results: 0, ...so }).map((step) => step.done);

it('ticks each step by what is there, whichever came first', () => {
  expect(done({})).toEqual([false, false, false, false]);
  expect(done({ datasets: 2 })).toEqual([false, true, false, false]);
  expect(done({ models: 1, datasets: 1, experiments: 1 })).toEqual([true, true, true, false]);
  expect(done({ models: 1, datasets: 1, experiments: 1, results: 9 })).toEqual([true, true, true, true]);
});
