import { unitsRemoved } from '../grid.ts';
import type { AllocationProblem, Structure } from './problem.ts';
import { smallest } from './search.ts';

/** Each group gives its part times one factor, the smallest that meets the target; none gives more than it may. */
export function scaled(problem: AllocationProblem, parts: readonly number[]): Structure {
  const candidates = problem.ladders.flatMap(([whole = 1], g) => {
    const part = parts[g] ?? 0;
    return part > 0 ? Array.from({ length: whole }, (_, removed) => removed / whole / part) : [];
  });
  return smallest(problem, candidates, (factor, whole, g) =>
    unitsRemoved(Math.min(1, factor * (parts[g] ?? 0)), whole),
  );
}
