import type { Attributes } from '@espalier/network';
import { concat, slice } from '../graph/arithmetic.ts';
import { plain } from '../graph/layout.ts';
import { type Differentiation, first } from './differentiation.ts';

/** Every input gets its own part of the gradient. */
export const concatenation: Differentiation<Attributes & { readonly axis: number }> = {
  op: 'Concat',
  forward(node, given, { g }) {
    const { axis } = node.attributes;
    const inputs = given.map((x) => plain(g, x));
    return {
      outputs: [concat(g, inputs, axis)],
      backward(gradients, needs) {
        const dy = plain(g, first(gradients));
        let from = 0;
        return inputs.map((x, i) => {
          const start = from;
          from += x.dims[axis] ?? 0;
          return needs(i) ? slice(g, dy, [axis], [start], [from]) : undefined;
        });
      },
    };
  },
};
