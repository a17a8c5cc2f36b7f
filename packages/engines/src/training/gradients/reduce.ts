import { operationOf, type ReduceAttributes, sizeOf } from '@espalier/network';
import { div, expand, reduce, reshape } from '../graph/arithmetic.ts';
import { plain } from '../graph/layout.ts';
import { type Differentiation, first } from './differentiation.ts';

/** Every value that was summed gets the sum's gradient, of a mean its share. */
function reduction(op: 'ReduceSum' | 'ReduceMean'): Differentiation<ReduceAttributes> {
  return {
    op,
    forward(node, [given], { g }) {
      if (!given) throw new Error(`${op} has an input`);
      const x = plain(g, given);
      const { axes } = node.attributes;
      const kept = reduce(g, op, x, axes);
      const [dims = []] = operationOf(node).shapes(node, [x.dims]);
      const count = op === 'ReduceMean' ? sizeOf(axes.map((axis) => x.dims[axis] ?? 1)) : 1;
      return {
        outputs: [reshape(g, kept, dims)],
        backward(gradients) {
          const dy = reshape(g, plain(g, first(gradients)), kept.dims);
          return [expand(g, count === 1 ? dy : div(g, dy, count), x.dims)];
        },
      };
    },
  };
}

export const reduceSum = reduction('ReduceSum');
export const reduceMean = reduction('ReduceMean');
