import { type ConvAttributes, inputOf, type Node } from '@espalier/network';
import type { Tensor, Tensor3D, Tensor4D } from '@tensorflow/tfjs';
import type { Emission } from '../emission.ts';
import type { Tf } from '../value.ts';
import { dilated, everyNth, padSpace } from './window.ts';

export const conv: Emission<ConvAttributes> = {
  op: 'Conv',
  prepare(node, { tf, derive }) {
    const { group } = node.attributes;
    const filters = derive(1, (weight) => filtersOf(tf, weight, node));
    const bias = node.inputs[2] === undefined ? undefined : derive(2, (tensor) => tensor.clone());
    return (inputs) => {
      const x = inputs(0).nhwc();
      const made = filters(inputs);
      const out = isDepthwise(made, group, x) ? depthwise(tf, x, made[0], node) : grouped(tf, x, made, node);
      return [{ tensor: bias ? tf.add(out, bias(inputs)) : out, layout: 'nhwc' }];
    };
  },
};

/**
 * [out, c / group, kh, kw] becomes one filter [kh, kw, c / group, out / group] a conv-group, or, with one
 * input channel a conv-group, the single filter [kh, kw, c, multiplier] of a depthwise convolution.
 */
function filtersOf(tf: Tf, weight: Tensor, node: Node<ConvAttributes>): Tensor[] {
  const { group, dilations } = node.attributes;
  const [out = 1, perGroup = 1, height = 1, width = 1] = weight.shape;
  if (group > 1 && perGroup === 1) {
    const split = tf.reshape(weight, [group, out / group, height, width]);
    // TensorFlow's depthwise kernels do not all know dilations.
    return [dilated(tf, tf.transpose(split, [2, 3, 0, 1]), dilations)];
  }
  return tf.split(weight, group, 0).map((part) => tf.transpose(part, [2, 3, 1, 0]));
}

function isDepthwise(filters: readonly Tensor[], group: number, x: Tensor4D): filters is [Tensor] {
  return filters.length === 1 && group > 1 && group === x.shape[3];
}

function depthwise(tf: Tf, x: Tensor4D, filter: Tensor, { attributes }: Node<ConvAttributes>): Tensor4D {
  const [rows = 1, columns = 1] = attributes.strides;
  const padded = padSpace(tf, x, attributes.pads, 0);
  if (rows === columns) return tf.depthwiseConv2d(padded, filter as Tensor4D, rows, 'valid');
  // The native kernel takes equal strides only.
  return everyNth(tf, tf.depthwiseConv2d(padded, filter as Tensor4D, 1, 'valid'), attributes.strides);
}

function grouped(tf: Tf, x: Tensor4D, filters: readonly Tensor[], node: Node<ConvAttributes>): Tensor4D {
  const [first] = filters;
  if (!first) throw new Error(`Conv "${inputOf(node, 1)}" has no filters`);
  const { input, pad } = paddedInput(tf, x, first, node);
  const convolve = (part: Tensor4D, filter: Tensor) => convolution(tf, part, filter as Tensor4D, pad, node);
  if (filters.length === 1) return convolve(input, first);
  const parts = tf.split(input, filters.length, 3);
  return tf.concat(
    filters.map((filter, g) => convolve(parts[g] as Tensor4D, filter)),
    3,
  );
}

type Padding = 'same' | 'valid';

/** TensorFlow pads by itself in the usual case; whatever else it means by "same" depends on the extents. */
function paddedInput(
  tf: Tf,
  x: Tensor4D,
  { shape: [height = 1, width = 1] }: Tensor,
  { attributes: { pads, strides, dilations } }: Node<ConvAttributes>,
): { input: Tensor4D; pad: Padding } {
  const around = [(height - 1) * (dilations[0] ?? 1), (width - 1) * (dilations[1] ?? 1)].map((n) => n / 2);
  const same = strides.every((stride) => stride === 1) && pads.every((pad, i) => pad === around[i % 2]);
  return same ? { input: x, pad: 'same' } : { input: padSpace(tf, x, pads, 0), pad: 'valid' };
}

function convolution(
  tf: Tf,
  x: Tensor4D,
  filter: Tensor4D,
  pad: Padding,
  { attributes: { strides, dilations } }: Node<ConvAttributes>,
): Tensor4D {
  const [rows = 1, columns = 1] = strides;
  const [down = 1, across = 1] = dilations;
  const run = (by: [number, number]) =>
    tf.conv2d<Tensor3D | Tensor4D>(x, filter, by, pad, 'NHWC', [down, across]) as Tensor4D;
  // TensorFlow has strides or dilations, not both.
  const both = (rows > 1 || columns > 1) && (down > 1 || across > 1);
  return both ? everyNth(tf, run([1, 1]), strides) : run([rows, columns]);
}
