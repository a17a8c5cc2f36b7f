import { prepared } from './allocation.ts';
import { countWhile } from './count-while.ts';
import { predictedDamage } from './damage.ts';
import { smallest } from './search.ts';

/**
 * Iso-drop: for a tolerance t every group gives the largest removed share whose interpolated drop is at
 * most t; the smallest t that meets the target is found by bisection, then steps are given back.
 *
 * Our reconstruction of the binary search of Lian, Peng, Jiang, Xu, "Cross-layer importance evaluation for
 * neural network pruning", Neural Networks 179 (2024) 106496.
 */
export const cie = prepared(
  {
    name: 'cie',
    description: 'every group is pruned up to the same drop (iso-drop)',
    sampling: 'shared',
  },
  (problem) => {
    const damage = predictedDamage(problem, 'cie');
    const candidates = damage.flatMap((drops) => [...drops].filter(Number.isFinite));
    // Rounding may let an interpolated drop fall by a last bit.
    const highest = damage.map(highestSoFar);
    const removedAt = (tolerance: number, _: number, g: number) =>
      countWhile(highest[g]?.length ?? 1, (removed) => (highest[g]?.[removed] ?? 0) <= tolerance) - 1;
    return smallest(problem, candidates, removedAt, damage);
  },
);

function highestSoFar(drops: Float64Array): Float64Array {
  let highest = 0;
  return drops.map((drop) => {
    highest = Math.max(highest, drop);
    return highest;
  });
}
