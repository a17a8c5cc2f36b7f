import type { MemberCriterion } from './criterion.ts';
import { byFilters, type Filters } from './filters.ts';

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

function summedDistances({ count, size, data }: Filters): Float64Array {
  const sums = new Float64Array(count);
  for (let a = 0; a < count; a++) {
    for (let b = a + 1; b < count; b++) {
      let squared = 0;
      for (let i = 0, p = a * size, q = b * size; i < size; i++, p++, q++) {
        const difference = (data[p] ?? 0) - (data[q] ?? 0);
        squared += difference * difference;
      }
      const distance = Math.sqrt(squared);
      sums[a] = (sums[a] ?? 0) + distance;
      sums[b] = (sums[b] ?? 0) + distance;
    }
  }
  return sums;
}
