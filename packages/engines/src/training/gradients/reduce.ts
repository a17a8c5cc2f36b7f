import { operationOf, type ReduceAttributes, sizeOf } from '@espalier/network';
import { div, expand, reduce, reshape } from '../graph/arithmetic.ts';
import { ofOneOperand } from './differentiation.ts';

/** Every value that was summed gets the sum's gradient, of a mean its share. */
function reduction(op: 'ReduceSum' | 'ReduceMean') {
  return ofOneOperand<ReduceAttributes>(op, (g, x, node) => {
    const { axes } = node.attributes;
    const kept = reduce(g, op, x, axes);
    const [dims = []] = operationOf(node).shapes(node, [x.dims]);
    const count = op === 'ReduceMean' ? sizeOf(axes.map((axis) => x.dims[axis] ?? 1)) : 1;
    return {
      y: reshape(g, kept, dims),
      dx(gradient) {
        const dy = reshape(g, gradient, kept.dims);
        return expand(g, count === 1 ? dy : div(g, dy, count), x.dims);
      },
    };
  });
}

export const reduceSum = reduction('ReduceSum');
export const reduceMean = reduction('ReduceMean');
