import { operationOf } from '@espalier/network';
import { reshape } from '../graph/arithmetic.ts';
import { ofOneOperand } from './differentiation.ts';

/** The values stay where they are: the gradient gets the input's shape back. */
function reshaping(op: string) {
  return ofOneOperand(op, (g, x, node) => {
    const [dims = []] = operationOf(node).shapes(node, [x.dims]);
    return { y: reshape(g, x, dims), dx: (dy) => reshape(g, dy, x.dims) };
  });
}

export const flatten = reshaping('Flatten');
export const reshapeTo = reshaping('Reshape');
