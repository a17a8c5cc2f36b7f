import type { Attributes } from '@espalier/network';
import { mul, sub, sum, unary } from '../graph/arithmetic.ts';
import { ofOneOperand } from './differentiation.ts';

type SoftmaxAttributes = Attributes & { readonly axis: number };

/** dx = y * (dy - sum(dy * y)) */
export const softmax = ofOneOperand<SoftmaxAttributes>('Softmax', (g, x, { attributes }) => {
  const y = unary(g, 'Softmax', x, attributes);
  return { y, dx: (dy) => mul(g, y, sub(g, dy, sum(g, mul(g, dy, y), [attributes.axis]))) };
});

/** dx = dy - softmax(x) * sum(dy) */
export const logSoftmax = ofOneOperand<SoftmaxAttributes>('LogSoftmax', (g, x, { attributes }) => {
  const y = unary(g, 'LogSoftmax', x, attributes);
  return { y, dx: (dy) => sub(g, dy, mul(g, unary(g, 'Exp', y), sum(g, dy, [attributes.axis]))) };
});
