import { type Attributes, inputOf } from '../network.ts';
import type { Operation } from '../operation.ts';
import { passThrough } from './normalization.ts';

type SoftmaxAttributes = Attributes & { readonly axis: number };

function overAxis(op: string): Operation<SoftmaxAttributes> {
  return {
    op,
    shapes: (_node, [x = []]) => [x],
    couple(node, coupler) {
      coupler.mix(
        coupler.labels(inputOf(node, 0), node.attributes.axis),
        `${op} "${node.name}" runs over its channels`,
      );
      passThrough(node, coupler);
    },
  };
}

/** `axis` counts from the front. */
export const softmax = overAxis('Softmax');
export const logSoftmax = overAxis('LogSoftmax');
