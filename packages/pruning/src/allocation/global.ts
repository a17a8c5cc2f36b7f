import type { Allocation } from './allocation.ts';
import { structureOf, withoutUnits } from './problem.ts';
import { bisect } from './search.ts';

/**
 * The least important units of the whole network go first, whichever group they are in; scores are divided
 * by their group's mean so that groups compare, unless the criterion made them to. Needs no data.
 */
export const global: Allocation = {
  name: 'global',
  description: 'the least important units of the whole network; needs no samples',
  sampling: 'none',
  allocate(problem) {
    const units = problem.rankings.flatMap(({ scores, order, comparesAcrossGroups }, group) => {
      const mean = comparesAcrossGroups ? 1 : scores.reduce((sum, score) => sum + score, 0) / scores.length;
      const normalised = (unit: number) => (mean > 0 ? (scores[unit] ?? 0) / mean : 0);
      return order.map((unit, place) => ({ group, place, score: normalised(unit) }));
    });
    units.sort((a, b) => a.score - b.score || a.group - b.group || b.place - a.place);
    const widthsAt = (count: number) => {
      const removed = problem.ladders.map(() => 0);
      for (const { group } of units.slice(0, count)) removed[group] = (removed[group] ?? 0) + 1;
      return withoutUnits(problem, (_, g) => removed[g] ?? 0);
    };
    const found = bisect(problem, [...units.keys(), units.length], widthsAt);
    return structureOf(problem, found.widths, found.trace);
  },
};
