import { type Attributes, floatTensor } from '@espalier/network';
import { matmul, transpose } from '../graph/arithmetic.ts';
import { ofOneOperand } from './differentiation.ts';

type GatherAttributes = Attributes & { readonly axis: number; readonly indices: readonly number[] };

/**
 * Where no index is taken twice and none is left out (a channel shuffle), the gradient is picked by the
 * inverse permutation; else it is multiplied by the matrix of picks.
 */
export const gathering = ofOneOperand<GatherAttributes>('Gather', (g, x, { attributes }) => {
  const { axis, indices } = attributes;
  const extent = x.dims[axis] ?? 1;
  const picked = x.dims.map((old, i) => (i === axis ? indices.length : old));
  const inverse = Array.from({ length: extent }, (_, index) => indices.indexOf(index));
  const shuffle = indices.length === extent && inverse.every((index) => index >= 0);
  return {
    y: g.node('Gather', [x], picked, attributes),
    dx(dy) {
      if (shuffle) return g.node('Gather', [dy], x.dims, { axis, indices: inverse });
      const picks = new Float32Array(indices.length * extent);
      indices.forEach((index, i) => {
        picks[i * extent + index] = 1;
      });
      // The axis goes last for the product, and back to its place.
      const last = x.dims.length - 1;
      const there = [...x.dims.keys()].filter((i) => i !== axis).concat(axis);
      const home = [...x.dims.keys()].map((i) => there.indexOf(i));
      const matrix = g.constant(floatTensor([indices.length, extent], picks));
      const spread = last === 0 ? undefined : matmul(g, transpose(g, dy, there), matrix);
      if (!spread) throw new Error('Gather of a vector has no gradient rule');
      return transpose(g, spread, home);
    },
  };
});
