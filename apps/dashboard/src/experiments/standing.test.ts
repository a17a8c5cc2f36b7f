import { expect, it } from 'vitest';
import { standingOf } from './standing.ts';

const of = (all: number, open: number, finished: number, failed: number) => {
  const [allOf, openOf, finishedOf, failedOf] = [all, open, finished, failed].map((totalCount) => ({
    totalCount,
  }));
  const none = { totalCount: 0 };
  return standingOf({
    ...{ all: allOf ?? none, open: openOf ?? none, finished: finishedOf ?? none, failed: failedOf ?? none },
  });
};

it('tells what matters most: work, then failures, then results', () => {
  expect(of(0, 0, 0, 0)).toEqual({ status: null, word: '', runs: 'no run yet' });
  expect(of(12, 3, 7, 2)).toEqual({ status: 'running', word: 'at work', runs: '7 of 12 runs done' });
  expect(of(12, 0, 10, 2)).toEqual({ status: 'failed', word: '2 failed', runs: '10 of 12 runs done' });
  expect(of(12, 0, 11, 0).status).toBe('done');
  expect(of(1, 0, 0, 0)).toEqual({ status: 'cancelled', word: 'cancelled', runs: '0 of 1 run done' });
});
