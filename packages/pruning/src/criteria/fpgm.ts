import type { MemberCriterion } from './criterion.ts';
import { byFilters } from './filters.ts';

/**
 * Summed Euclidean distance of a filter to all other filters of its layer: the smallest lies nearest to the
 * geometric median and is the easiest to replace. He, Liu, Wang, Hu, Yang, "Filter pruning via geometric
 * median", CVPR 2019.
 */
export const fpgm: MemberCriterion = {
  name: 'fpgm',
  description: 'distance of a filter to the others of its layer (geometric median)',
  members: byFilters(summedDistances),
};

function summedDistances(rows: readonly Float32Array[]): Float64Array {
  const sums = new Float64Array(rows.length);
  for (const [a, row] of rows.entries()) {
    for (const [b, other] of rows.slice(0, a).entries()) {
      let squared = 0;
      for (let i = 0; i < row.length; i++) {
        const difference = (other[i] ?? 0) - (row[i] ?? 0);
        squared += difference * difference;
      }
      const distance = Math.sqrt(squared);
      sums[a] = (sums[a] ?? 0) + distance;
      sums[b] = (sums[b] ?? 0) + distance;
    }
  }
  return sums;
}
