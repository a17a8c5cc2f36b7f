import { unitsRemoved } from '../grid.ts';
import type { Allocation } from './allocation.ts';
import { structureOf, withoutUnits } from './problem.ts';
import { bisect } from './search.ts';

/** The same ratio for every group: the smallest that meets the target. Needs no data. */
export const uniform: Allocation = {
  name: 'uniform',
  description: 'the same ratio for every group; needs no samples',
  sampling: 'none',
  allocate(problem) {
    const candidates = problem.rankings.flatMap(({ group }) =>
      Array.from({ length: group.width }, (_, removed) => removed / group.width),
    );
    const found = bisect(problem, candidates, (ratio) =>
      withoutUnits(problem, (whole) => unitsRemoved(ratio, whole)),
    );
    return structureOf(problem, found.widths, found.trace);
  },
};
