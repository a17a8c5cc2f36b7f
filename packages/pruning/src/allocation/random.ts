import { seededRandom } from '@espalier/datasets';
import { prepared } from './allocation.ts';
import { scaled } from './scaled.ts';

/** Shares are drawn from above this, so that each group has a part in it. */
const LEAST = 0.05;

/**
 * A share drawn for each group, all scaled until the target is met. What any allocation must beat; needs no data.
 * Which structure it is depends on the seed only.
 */
export const random = prepared(
  {
    name: 'random',
    description: 'a random ratio for each group, drawn by the seed: a baseline',
    sampling: 'none',
    drawsBySeed: true,
  },
  (problem) => {
    const draw = seededRandom((problem.seed ?? 0) * 1_000_003 + 7);
    const parts = problem.ladders.map(() => LEAST + (1 - LEAST) * draw());
    return scaled(problem, parts);
  },
);
