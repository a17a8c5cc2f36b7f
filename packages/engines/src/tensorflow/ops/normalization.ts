import type { Attributes } from '@espalier/network';
import type { Tensor, Tensor1D } from '@tensorflow/tfjs';
import { type Inputs, inLayout, unprepared } from '../emission.ts';
import type { Layout, Tf } from '../value.ts';

type Epsilon = Attributes & { readonly epsilon: number };

export const batchNormalization = unprepared<Epsilon>('BatchNormalization', (inputs, { attributes }, tf) => {
  const vector = (index: number) => inputs(index).nchw() as Tensor1D;
  const { tensor, layout, back } = channelsLast(tf, inputs);
  const normalised = tf.batchNorm(tensor, vector(3), vector(4), vector(2), vector(1), attributes.epsilon);
  return { tensor: back(normalised), layout };
});

export const instanceNormalization = unprepared<Epsilon>(
  'InstanceNormalization',
  (inputs, { attributes }, tf) => {
    const { tensor, layout, back } = channelsLast(tf, inputs);
    const space = [...tensor.shape.keys()].slice(1, -1);
    const normalised = standardised(tf, tensor, space, attributes.epsilon);
    return { tensor: back(affine(tf, normalised, inputs(1).nchw(), inputs(2).nchw())), layout };
  },
);

/** Scale and shift have the shape of the normalised axes, which are the last ones. */
export const layerNormalization = inLayout<Epsilon & { readonly axis: number }>(
  'LayerNormalization',
  'nchw',
  (x, node, tf, inputs) => {
    const { axis, epsilon } = node.attributes;
    const optional = (index: number) => (node.inputs[index] ? inputs(index).nchw() : undefined);
    const normalised = standardised(tf, x, [...x.shape.keys()].slice(axis), epsilon);
    return affine(tf, normalised, optional(1), optional(2));
  },
);

export const groupNormalization = inLayout<Epsilon & { readonly num_groups: number }>(
  'GroupNormalization',
  'nchw',
  (x, { attributes: { num_groups, epsilon } }, tf, inputs) => {
    const grouped = tf.reshape(x, [x.shape[0] ?? 1, num_groups, -1]);
    const normalised = tf.reshape(standardised(tf, grouped, [2], epsilon), x.shape);
    const lifted = (index: number) =>
      inputs(index)
        .nchw()
        .reshape([-1, ...x.shape.slice(2).map(() => 1)]);
    return affine(tf, normalised, lifted(1), lifted(2));
  },
);

type Neighbours = Attributes & {
  readonly size: number;
  readonly alpha: number;
  readonly beta: number;
  readonly bias: number;
};

/** x / (bias + alpha / size * sum of the squares of `size` neighbouring channels) ^ beta. */
export const lrn = inLayout<Neighbours>('LRN', 'nhwc', (x, { attributes }, tf) => {
  const { size, alpha, beta, bias } = attributes;
  const before = Math.floor((size - 1) / 2);
  const padding = x.shape.map((_, axis): [number, number] =>
    axis < 3 ? [0, 0] : [before, size - 1 - before],
  );
  const squares = tf.pad(tf.square(x), padding);
  const shifted = Array.from({ length: size }, (_, k) => tf.slice(squares, [0, 0, 0, k], x.shape));
  const scaled = tf.add(tf.mul(tf.addN(shifted), alpha / size), bias);
  return tf.div(x, tf.pow(scaled, beta));
});

function standardised(tf: Tf, x: Tensor, axes: number[], epsilon: number): Tensor {
  const { mean, variance } = tf.moments(x, axes, true);
  return tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, epsilon)));
}

function affine(tf: Tf, x: Tensor, scale: Tensor | undefined, shift: Tensor | undefined): Tensor {
  const scaled = scale ? tf.mul(x, scale) : x;
  return shift ? tf.add(scaled, shift) : scaled;
}

/** The first input with its channels (axis 1) last, and the way back to the layout that is named. */
function channelsLast(
  tf: Tf,
  inputs: Inputs,
): { tensor: Tensor; layout: Layout; back: (tensor: Tensor) => Tensor } {
  const { rank } = inputs(0).in(inputs(0).layout);
  if (rank === 4) return { tensor: inputs(0).nhwc(), layout: 'nhwc', back: (tensor) => tensor };
  const axes = Array.from({ length: rank }, (_, axis) => axis);
  const there = [...axes.filter((axis) => axis !== 1), 1];
  const home = axes.map((axis) => there.indexOf(axis));
  return {
    tensor: tf.transpose(inputs(0).nchw(), there),
    layout: 'nchw',
    back: (tensor) => tf.transpose(tensor, home),
  };
}
