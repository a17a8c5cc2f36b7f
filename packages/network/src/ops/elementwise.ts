import { arithmeticOperations } from './arithmetic.ts';
import { batchNormalization } from './normalization.ts';
import { pointwiseOperations } from './pointwise.ts';

const ELEMENTWISE: ReadonlySet<string> = new Set(
  [...pointwiseOperations, ...arithmeticOperations, batchNormalization].map(({ op }) => op),
);

/** Whether every element of the output comes from the elements in its place alone. */
export function isElementwise(op: string): boolean {
  return ELEMENTWISE.has(op);
}
