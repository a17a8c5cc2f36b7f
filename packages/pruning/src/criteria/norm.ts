import { filtersOf } from './filters.ts';
import type { Criterion } from './index.ts';

/** Sum of the filter norms of a unit over the group's producers; biases are not counted. */
function normCriterion(name: string, norm: (filter: Float32Array) => number): Criterion {
  return {
    name,
    score(group, context) {
      const scores = new Float64Array(group.width);
      for (const { count, size, data, units } of filtersOf(group, context)) {
        for (let row = 0; row < count; row++) {
          const unit = units[row] ?? -1;
          if (unit >= 0)
            scores[unit] = (scores[unit] ?? 0) + norm(data.subarray(row * size, (row + 1) * size));
        }
      }
      return scores;
    },
  };
}

/** Li, Kadav, Durdanovic, Samet, Graf, "Pruning filters for efficient ConvNets", ICLR 2017. */
export const l1 = normCriterion('l1', (filter) => {
  let sum = 0;
  for (const value of filter) sum += Math.abs(value);
  return sum;
});

/** He, Kang, Dong, Fu, Yang, "Soft filter pruning", IJCAI 2018, with p = 2. */
export const l2 = normCriterion('l2', (filter) => {
  let sum = 0;
  for (const value of filter) sum += value * value;
  return Math.sqrt(sum);
});
