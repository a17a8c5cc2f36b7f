import type { Attributes } from '@espalier/network';
import { anyLayout } from '../emission.ts';
import { axisIn } from '../value.ts';

type Axis = Attributes & { readonly axis: number };

/** tf.softmax knows the last axis only. */
export const softmax = anyLayout<Axis>('Softmax', (x, { attributes }, tf, layout) => {
  const axis = axisIn(layout, attributes.axis);
  if (axis === x.rank - 1) return tf.softmax(x);
  const powers = tf.exp(tf.sub(x, tf.max(x, axis, true)));
  return tf.div(powers, tf.sum(powers, axis, true));
});

export const logSoftmax = anyLayout<Axis>('LogSoftmax', (x, { attributes }, tf, layout) => {
  const axis = axisIn(layout, attributes.axis);
  if (axis === x.rank - 1) return tf.logSoftmax(x);
  return tf.sub(x, tf.logSumExp(x, axis, true));
});
