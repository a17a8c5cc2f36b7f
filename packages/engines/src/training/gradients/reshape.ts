import { type Attributes, operationOf } from '@espalier/network';
import { reshape } from '../graph/arithmetic.ts';
import { plain } from '../graph/layout.ts';
import { type Differentiation, first } from './differentiation.ts';

/** The values stay where they are: the gradient gets the input's shape back. */
function reshaping(op: string): Differentiation<Attributes> {
  return {
    op,
    forward(node, [given], { g }) {
      if (!given) throw new Error(`${op} has an input`);
      const x = plain(g, given);
      const [dims = []] = operationOf(node).shapes(node, [x.dims]);
      return {
        outputs: [reshape(g, x, dims)],
        backward: (gradients) => [reshape(g, plain(g, first(gradients)), x.dims)],
      };
    },
  };
}

export const flatten = reshaping('Flatten');
export const reshapeTo = reshaping('Reshape');
