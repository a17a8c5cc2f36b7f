import { filtersOf } from './filters.ts';
import type { Criterion } from './index.ts';

/**
 * Squared norm of a filter over the sum of the squared norms of all filters of its layer that are not smaller: what
 * its removal takes of what would be left. Scores of different layers compare as they are, which is the point of it:
 * inside a layer the order is that of l2. Summed over the producers of a group. Lee, Park, Mo, Ahn, Shin,
 * "Layer-adaptive sparsity for the magnitude-based pruning", ICLR 2021, with filters in the place of weights.
 */
export const lamp: Criterion = {
  name: 'lamp',
  comparesAcrossGroups: true,
  score(group, context) {
    const scores = new Float64Array(group.width);
    for (const { count, size, data, units } of filtersOf(group, context)) {
      const squares = Float64Array.from({ length: count }, (_, row) =>
        data.subarray(row * size, (row + 1) * size).reduce((sum, value) => sum + value * value, 0),
      );
      const descending = [...squares.keys()].sort((a, b) => (squares[b] ?? 0) - (squares[a] ?? 0) || a - b);
      let survivors = 0;
      for (const row of descending) {
        const square = squares[row] ?? 0;
        survivors += square;
        const unit = units[row] ?? -1;
        if (unit >= 0 && survivors > 0) scores[unit] = (scores[unit] ?? 0) + square / survivors;
      }
    }
    return scores;
  },
};
