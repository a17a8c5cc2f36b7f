import type { Attributes } from '@espalier/network';
import { concat, expand, slice, unbroadcast } from '../graph/arithmetic.ts';
import type { Value } from '../graph/builder.ts';
import { plain } from '../graph/layout.ts';
import { type Differentiation, first } from './differentiation.ts';

/** Every input gets its own part of the gradient, one that joins every image their sum. */
export const concatenation: Differentiation<Attributes & { readonly axis: number }> = {
  op: 'Concat',
  forward(node, given, { g }) {
    const { axis } = node.attributes;
    const inputs = given.map((x) => plain(g, x));
    const images = Math.max(...inputs.map(({ dims }) => dims[0] ?? 1));
    const wide = (x: Value) => (axis > 0 ? expand(g, x, [images, ...x.dims.slice(1)]) : x);
    return {
      outputs: [concat(g, inputs.map(wide), axis)],
      backward(gradients, needs) {
        const dy = plain(g, first(gradients));
        let from = 0;
        return inputs.map((x, i) => {
          const start = from;
          from += x.dims[axis] ?? 0;
          return needs(i) ? unbroadcast(g, slice(g, dy, [axis], [start], [from]), x.dims) : undefined;
        });
      },
    };
  },
};
