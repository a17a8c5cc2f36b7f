import type { MemberCriterion } from './criterion.ts';
import { byFilters } from './filters.ts';

/** The norm of each filter of the group's producers; biases are not counted. */
function normCriterion(
  name: string,
  description: string,
  norm: (filter: Float32Array) => number,
): MemberCriterion {
  return { name, description, members: byFilters((rows) => Float64Array.from(rows, norm)) };
}

/** Li, Kadav, Durdanovic, Samet, Graf, "Pruning filters for efficient ConvNets", ICLR 2017. */
export const l1 = normCriterion('l1', 'sum of the absolute weights of a filter', (filter) => {
  let sum = 0;
  for (const value of filter) sum += Math.abs(value);
  return sum;
});

/** He, Kang, Dong, Fu, Yang, "Soft filter pruning", IJCAI 2018, with p = 2. */
export const l2 = normCriterion('l2', 'Euclidean norm of a filter', (filter) => {
  let sum = 0;
  for (const value of filter) sum += value * value;
  return Math.sqrt(sum);
});
