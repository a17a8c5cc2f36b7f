import type { Attributes } from '@espalier/network';
import type { Tensor } from '@tensorflow/tfjs';
import { type Emission, type Inputs, inLayout } from '../emission.ts';
import type { Layout, Tf } from '../value.ts';

type Epsilon = Attributes & { readonly epsilon: number };

export const batchNormalization: Emission<Epsilon> = {
  op: 'BatchNormalization',
  prepare(node, { tf, derive }) {
    const vectors = [1, 2, 3, 4].map((i) => derive(i, (tensor) => tensor.as1D()));
    return (inputs) => {
      const [scale, shift, mean, variance] = vectors.map((vector) => vector(inputs));
      if (!mean || !variance) throw new Error(`BatchNormalization "${node.name}" lacks its statistics`);
      const { tensor, layout, back } = channelsLast(tf, inputs);
      const normalised = tf.batchNorm(tensor, mean, variance, shift, scale, node.attributes.epsilon);
      return [{ tensor: back(normalised), layout }];
    };
  },
};

export const instanceNormalization: Emission<Epsilon> = {
  op: 'InstanceNormalization',
  prepare(node, { tf, derive }) {
    const [scale, shift] = [1, 2].map((i) => derive(i, (tensor) => tensor.as1D()));
    return (inputs) => {
      const { tensor, layout, back } = channelsLast(tf, inputs);
      const space = [...tensor.shape.keys()].slice(1, -1);
      const normalised = standardised(tf, tensor, space, node.attributes.epsilon);
      return [{ tensor: back(affine(tf, normalised, scale?.(inputs), shift?.(inputs))), layout }];
    };
  },
};

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

export const groupNormalization: Emission<Epsilon & { readonly num_groups: number }> = {
  op: 'GroupNormalization',
  prepare(node, { tf, derive }) {
    const [scale, shift] = [1, 2].map((i) => derive(i, (tensor) => tensor.as1D()));
    return (inputs) => {
      const x = inputs(0).nchw();
      const [n = 1] = x.shape;
      const grouped = tf.reshape(x, [n, node.attributes.num_groups, -1]);
      const normalised = tf.reshape(standardised(tf, grouped, [2], node.attributes.epsilon), x.shape);
      const lift = (tensor: Tensor | undefined) => tensor?.reshape([-1, ...x.shape.slice(2).map(() => 1)]);
      return [
        { tensor: affine(tf, normalised, lift(scale?.(inputs)), lift(shift?.(inputs))), layout: 'nchw' },
      ];
    };
  },
};

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
