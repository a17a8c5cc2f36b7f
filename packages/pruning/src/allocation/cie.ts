import type { Allocation } from './allocation.ts';
import { predictedDamage } from './damage.ts';
import { structureOf, withoutUnits } from './problem.ts';
import { bisect, giveBack } from './search.ts';

/**
 * Iso-drop: for a tolerance t every group gives the largest removed share whose interpolated drop is at
 * most t; the smallest t that meets the target is found by bisection, then steps are given back.
 *
 * Our reconstruction of the binary search of Lian, Peng, Jiang, Xu, "Cross-layer importance evaluation for
 * neural network pruning", Neural Networks 179 (2024) 106496.
 */
export const cie: Allocation = {
  name: 'cie',
  description: 'every group gives what costs at most the same drop (iso-drop)',
  sampling: 'shared',
  allocate(problem) {
    const damage = predictedDamage(problem, 'cie');
    const candidates = damage.flatMap((drops) => [...drops].filter(Number.isFinite));
    const widthsAt = (tolerance: number) =>
      withoutUnits(problem, (whole, g) => {
        let removed = 0;
        while (removed < whole && (damage[g]?.[removed + 1] ?? Number.POSITIVE_INFINITY) <= tolerance)
          removed++;
        return removed;
      });
    const found = giveBack(problem, bisect(problem, candidates, widthsAt), damage);
    return structureOf(problem, found.widths, found.trace);
  },
};
