import { unitsRemoved } from '../grid.ts';
import type { Search } from './allocation.ts';
import { type AllocationProblem, reaches, type Structure, saving, structureOf } from './problem.ts';
import { smallest } from './search.ts';

/**
 * Each group gives its part times one factor, the smallest that meets the target; none gives more than it may. Where
 * widths are multiples, many groups take a large step at the same factor, and then none takes it that the target does
 * not need: else such a network would be compared with others at half of their cost.
 */
export function scaled(problem: AllocationProblem, parts: readonly number[]): Search {
  const candidates = problem.ladders.flatMap(([whole = 1], g) => {
    const part = parts[g] ?? 0;
    return part > 0 ? Array.from({ length: whole }, (_, removed) => removed / whole / part) : [];
  });
  const search = smallest(problem, candidates, (factor, whole, g) =>
    unitsRemoved(Math.min(1, factor * (parts[g] ?? 0)), whole),
  );
  if (!problem.ladders.some(hasLargeSteps)) return search;
  return (target) => withoutSpare({ ...problem, target }, search(target));
}

function hasLargeSteps(ladder: readonly number[]): boolean {
  return ladder.some((width, i) => i > 0 && (ladder[i - 1] ?? width) - width > 1);
}

/** Each group in topological order at its next wider width, as long as the target stays met. */
function withoutSpare(problem: AllocationProblem, { widths: found, trace: before }: Structure): Structure {
  const threshold = before.findLast((step) => reaches(problem, step.saving))?.threshold ?? 0;
  const trace = [...before];
  let widths = found;
  for (const [g, ladder] of problem.ladders.entries()) {
    const wider = ladder[ladder.indexOf(widths[g] ?? 1) - 1];
    if (wider === undefined) continue;
    const next = widths.with(g, wider);
    const saved = saving(problem, next);
    if (!reaches(problem, saved)) continue;
    widths = next;
    trace.push({ threshold, saving: saved, widths, kind: 'give-back' });
  }
  return structureOf(problem, widths, trace);
}
