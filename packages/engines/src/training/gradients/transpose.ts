import type { Attributes } from '@espalier/network';
import { transpose } from '../graph/arithmetic.ts';
import { ofOneOperand } from './differentiation.ts';

type TransposeAttributes = Attributes & { readonly perm: readonly number[] };

/** Back by the inverse permutation. */
export const transposition = ofOneOperand<TransposeAttributes>(
  'Transpose',
  (g, x, { attributes: { perm } }) => {
    const inverse = perm.map((_, axis) => perm.indexOf(axis));
    return { y: transpose(g, x, perm), dx: (dy) => transpose(g, dy, inverse) };
  },
);
