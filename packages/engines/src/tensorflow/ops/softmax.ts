import type { Attributes } from '@espalier/network';
import type { Tensor } from '@tensorflow/tfjs';
import type { Emission } from '../emission.ts';
import { axisIn, type Tf } from '../value.ts';

/** tf.softmax knows the last axis only. */
export const softmax = anyAxis('Softmax', (tf, x, axis) => {
  if (axis === x.rank - 1) return tf.softmax(x);
  const powers = tf.exp(tf.sub(x, tf.max(x, axis, true)));
  return tf.div(powers, tf.sum(powers, axis, true));
});

export const logSoftmax = anyAxis('LogSoftmax', (tf, x, axis) => {
  if (axis === x.rank - 1) return tf.logSoftmax(x);
  return tf.sub(x, tf.logSumExp(x, axis, true));
});

function anyAxis(
  op: string,
  compute: (tf: Tf, x: Tensor, axis: number) => Tensor,
): Emission<Attributes & { readonly axis: number }> {
  return {
    op,
    prepare:
      (node, { tf }) =>
      (inputs) => {
        const { layout } = inputs(0);
        const tensor = compute(tf, inputs(0).in(layout), axisIn(layout, node.attributes.axis));
        return [{ tensor, layout }];
      },
  };
}
