import { inputOf, outputOf } from '../network.ts';
import type { Operation } from '../operation.ts';

/** `axes` count from the front. */
export type ReduceAttributes = { readonly axes: readonly number[]; readonly keepdims: number };

function reduce(op: string): Operation<ReduceAttributes> {
  return {
    op,
    shapes(node, [x = []]) {
      const { axes, keepdims } = node.attributes;
      const shape = x.map((extent, axis) => (axes.includes(axis) ? 1 : extent));
      return [keepdims ? shape : shape.filter((_, axis) => !axes.includes(axis))];
    },
    couple(node, coupler) {
      const x = inputOf(node, 0);
      const { axes, keepdims } = node.attributes;
      let to = 0;
      coupler.shape(x).forEach((_, axis) => {
        const labels = coupler.labels(x, axis);
        if (!axes.includes(axis)) coupler.label(outputOf(node), to++, labels);
        else {
          coupler.mix(labels, `${op} "${node.name}" reduces over its channels`);
          if (keepdims) to++;
        }
      });
    },
  };
}

export const reduceMean = reduce('ReduceMean');
export const reduceSum = reduce('ReduceSum');
export const reduceMax = reduce('ReduceMax');
