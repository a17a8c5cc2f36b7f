import { seededRandom } from '@espalier/datasets';
import type { Allocation } from './index.ts';
import { fitWidth, structureOf } from './problem.ts';
import { bisect } from './search.ts';

/** Shares are drawn from above this, so that each group has a part in it. */
const LEAST = 0.05;

/**
 * A share drawn for each group, all scaled until the target is met. What any allocation must beat; needs no data.
 * Which structure it is hangs on the seed only.
 */
export const random: Allocation = {
  name: 'random',
  needsSamples: false,
  allocate(problem) {
    const draw = seededRandom((problem.seed ?? 0) * 1_000_003 + 7);
    const parts = problem.ladders.map(() => LEAST + (1 - LEAST) * draw());
    const candidates = problem.rankings.flatMap(({ group }, g) =>
      Array.from({ length: group.width }, (_, removed) => removed / group.width / (parts[g] ?? 1)),
    );
    const found = bisect(problem, candidates, (scale) =>
      problem.ladders.map((ladder, g) => {
        const [whole = 1] = ladder;
        const removed = Math.min(whole, Math.floor(scale * (parts[g] ?? 1) * whole + 1e-9));
        return fitWidth(ladder, whole - removed);
      }),
    );
    return structureOf(problem, found.widths, found.trace);
  },
};
