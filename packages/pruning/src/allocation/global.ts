import { prepared } from './allocation.ts';
import { countWhile } from './count-while.ts';
import { smallest } from './search.ts';

/**
 * The least important units of the whole network go first, whichever group they are in; scores are divided
 * by their group's mean so that groups compare, unless the criterion made them to. Needs no data.
 */
export const global = prepared(
  {
    name: 'global',
    description: 'the least important units of the whole network; needs no samples',
    sampling: 'none',
    goesByScores: true,
  },
  (problem) => {
    const units = problem.rankings.flatMap(({ scores, order, comparesAcrossGroups }, group) => {
      const mean = comparesAcrossGroups ? 1 : scores.reduce((sum, score) => sum + score, 0) / scores.length;
      const normalised = (unit: number) => (mean > 0 ? (scores[unit] ?? 0) / mean : 0);
      return order.map((unit, place) => ({ group, place, score: normalised(unit) }));
    });
    units.sort((a, b) => a.score - b.score || a.group - b.group || b.place - a.place);
    const places: number[][] = problem.rankings.map(() => []);
    for (const [place, { group }] of units.entries()) places[group]?.push(place);
    const removedAt = (count: number, _: number, g: number) =>
      countWhile(places[g]?.length ?? 0, (i) => (places[g]?.[i] ?? count) < count);
    return smallest(problem, [...units.keys(), units.length], removedAt);
  },
);
