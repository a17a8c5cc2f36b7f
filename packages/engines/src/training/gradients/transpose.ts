import type { Attributes } from '@espalier/network';
import { transpose } from '../graph/arithmetic.ts';
import { plain } from '../graph/layout.ts';
import { type Differentiation, first } from './differentiation.ts';

/** Back by the inverse permutation. */
export const transposition: Differentiation<Attributes & { readonly perm: readonly number[] }> = {
  op: 'Transpose',
  forward(node, [x], { g }) {
    if (!x) throw new Error('Transpose has an input');
    const { perm } = node.attributes;
    const inverse = perm.map((_, axis) => perm.indexOf(axis));
    return {
      outputs: [transpose(g, plain(g, x), perm)],
      backward: (gradients) => [transpose(g, plain(g, first(gradients)), inverse)],
    };
  },
};
