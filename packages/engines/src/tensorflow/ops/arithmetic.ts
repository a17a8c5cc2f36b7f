import type { Tensor } from '@tensorflow/tfjs';
import { type Emission, unprepared } from '../emission.ts';
import type { Layout, Tf, Value } from '../value.ts';

/**
 * The layout in which values of different shapes meet: channels last as soon as one of them is, which the
 * others can follow up to rank 4.
 */
export function commonLayout(values: readonly Value[]): Layout {
  const channelsLast = values.some((value) => value.layout === 'nhwc');
  return channelsLast && values.every((value) => value.shape.length <= 4) ? 'nhwc' : 'nchw';
}

/** Two operands, broadcast. */
function binary(op: string, compute: (tf: Tf, a: Tensor, b: Tensor) => Tensor): Emission {
  return unprepared(op, (inputs, _node, tf) => {
    const [a, b] = [inputs(0), inputs(1)];
    const layout = commonLayout([a, b]);
    return { tensor: compute(tf, a.in(layout), b.in(layout)), layout };
  });
}

/** The gradients of these two do not know of broadcasting. */
function spread(tf: Tf, a: Tensor, b: Tensor): [Tensor, Tensor] {
  const shape = tf.broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape);
  return [tf.broadcastTo(a, shape), tf.broadcastTo(b, shape)];
}

export const where = unprepared('Where', (inputs, _node, tf) => {
  const values = [inputs(0), inputs(1), inputs(2)];
  const layout = commonLayout(values);
  const [condition, yes, no] = values.map((value) => value.in(layout)) as [Tensor, Tensor, Tensor];
  return { tensor: tf.where(tf.cast(condition, 'bool'), yes, no), layout };
});

export const arithmeticEmissions = [
  binary('Add', (tf, a, b) => tf.add(a, b)),
  binary('Div', (tf, a, b) => tf.div(a, b)),
  binary('Max', (tf, a, b) => tf.maximum(...spread(tf, a, b))),
  binary('Min', (tf, a, b) => tf.minimum(...spread(tf, a, b))),
  binary('Mul', (tf, a, b) => tf.mul(a, b)),
  binary('Pow', (tf, a, b) => tf.pow(a, b)),
  // max(0, x) + slope * min(0, x): unlike tf.prelu this broadcasts both ways.
  binary('PRelu', (tf, x, slope) => tf.add(tf.relu(x), tf.mul(slope, tf.minimum(x, 0)))),
  binary('Sub', (tf, a, b) => tf.sub(a, b)),
];
