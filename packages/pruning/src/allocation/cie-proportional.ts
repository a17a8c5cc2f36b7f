import { importance } from '../contribution.ts';
import { prepared } from './allocation.ts';
import { predictedDamage } from './damage.ts';
import { smallest } from './search.ts';

/**
 * Removed shares inversely proportional to importance: group g gives lambda / w[g], at most what the limits
 * and the sampled range allow; the smallest lambda that meets the target is found by bisection, then steps
 * are given back.
 *
 * Our reconstruction of the "proportional relationships among convolutional layers" of Lian, Peng, Jiang,
 * Xu, "Cross-layer importance evaluation for neural network pruning", Neural Networks 179 (2024) 106496.
 */
export const cieProportional = prepared(
  {
    name: 'cie-proportional',
    description: 'every group loses units in inverse proportion to its importance',
    sampling: 'shared',
  },
  (problem) => {
    const damage = predictedDamage(problem, 'cie-proportional');
    const weights = importance((problem.samples ?? []).map((row) => row.map(({ drop }) => drop)));
    const sampled = damage.map((drops) => drops.findLastIndex(Number.isFinite));
    const candidates = problem.rankings.flatMap(({ group }, g) =>
      Array.from({ length: group.width }, (_, removed) => ((weights[g] ?? 0) * removed) / group.width),
    );
    const removedAt = (lambda: number, whole: number, g: number) =>
      Math.min(Math.floor((lambda / (weights[g] ?? 1)) * whole + 1e-9), sampled[g] ?? 0);
    return smallest(problem, candidates, removedAt, damage);
  },
);
