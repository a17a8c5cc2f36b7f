import { type Attributes, inputOf, outputOf } from '../network.ts';
import type { Operation } from '../operation.ts';

export const transpose: Operation<Attributes & { readonly perm: readonly number[] }> = {
  op: 'Transpose',
  shapes: (node, [x = []]) => [node.attributes.perm.map((axis) => x[axis] ?? 1)],
  couple(node, coupler) {
    node.attributes.perm.forEach((from, to) => {
      coupler.label(outputOf(node), to, coupler.labels(inputOf(node, 0), from));
    });
  },
};
