import type { Attributes } from '@espalier/network';
import { mul, sub, sum, unary } from '../graph/arithmetic.ts';
import { plain } from '../graph/layout.ts';
import { type Differentiation, first } from './differentiation.ts';

type SoftmaxAttributes = Attributes & { readonly axis: number };

/** dx = y * (dy - sum(dy * y)) */
export const softmax: Differentiation<SoftmaxAttributes> = {
  op: 'Softmax',
  forward(node, [given], { g }) {
    if (!given) throw new Error('Softmax has an input');
    const y = unary(g, 'Softmax', plain(g, given), node.attributes);
    return {
      outputs: [y],
      backward(gradients) {
        const dy = plain(g, first(gradients));
        return [mul(g, y, sub(g, dy, sum(g, mul(g, dy, y), [node.attributes.axis])))];
      },
    };
  },
};

/** dx = dy - softmax(x) * sum(dy) */
export const logSoftmax: Differentiation<SoftmaxAttributes> = {
  op: 'LogSoftmax',
  forward(node, [given], { g }) {
    if (!given) throw new Error('LogSoftmax has an input');
    const y = unary(g, 'LogSoftmax', plain(g, given), node.attributes);
    return {
      outputs: [y],
      backward(gradients) {
        const dy = plain(g, first(gradients));
        return [sub(g, dy, mul(g, unary(g, 'Exp', y), sum(g, dy, [node.attributes.axis])))];
      },
    };
  },
};
