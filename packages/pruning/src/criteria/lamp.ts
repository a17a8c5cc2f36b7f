import type { MemberCriterion } from './criterion.ts';
import { byFilters } from './filters.ts';

/**
 * Squared norm of a filter over the sum of the squared norms of all filters of its layer that are not smaller: what
 * its removal takes of what would be left. Scores of different layers compare as they are, which is the point of it:
 * inside a layer the order is that of l2. Lee, Park, Mo, Ahn, Shin, "Layer-adaptive sparsity for the magnitude-based pruning", ICLR 2021, with filters in the place of weights.
 */
export const lamp: MemberCriterion = {
  name: 'lamp',
  description: "share of a filter in its layer's remaining weights; comparable over the whole network",
  comparesAcrossGroups: true,
  members: byFilters(sharesOfSurvivors),
};

function sharesOfSurvivors(rows: readonly Float32Array[]): Float64Array {
  const squares = Float64Array.from(rows, (row) => row.reduce((sum, value) => sum + value * value, 0));
  const descending = [...squares.keys()].sort((a, b) => (squares[b] ?? 0) - (squares[a] ?? 0) || a - b);
  const shares = new Float64Array(rows.length);
  let survivors = 0;
  for (const row of descending) {
    const square = squares[row] ?? 0;
    survivors += square;
    if (survivors > 0) shares[row] = square / survivors;
  }
  return shares;
}
