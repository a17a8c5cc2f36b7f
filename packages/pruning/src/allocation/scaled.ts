import { unitsRemoved } from '../grid.ts';
import { type AllocationProblem, type Structure, structureOf, withoutUnits } from './problem.ts';
import { bisect } from './search.ts';

/** Each group gives its part times one factor, the smallest that meets the target; none gives more than it may. */
export function scaled(problem: AllocationProblem, parts: readonly number[]): Structure {
  const candidates = problem.ladders.flatMap(([whole = 1], g) => {
    const part = parts[g] ?? 0;
    return part > 0 ? Array.from({ length: whole }, (_, removed) => removed / whole / part) : [];
  });
  const found = bisect(problem, candidates, (factor) =>
    withoutUnits(problem, (whole, g) => unitsRemoved(Math.min(1, factor * (parts[g] ?? 0)), whole)),
  );
  return structureOf(problem, found.widths, found.trace);
}
