import { prepared } from './allocation.ts';
import { scaled } from './scaled.ts';

/** The same ratio for every group: the smallest that meets the target. Needs no data. */
export const uniform = prepared(
  {
    name: 'uniform',
    description: 'the same ratio for every group; needs no samples',
    sampling: 'none',
  },
  (problem) => {
    const parts = problem.ladders.map(() => 1);
    return scaled(problem, parts);
  },
);
