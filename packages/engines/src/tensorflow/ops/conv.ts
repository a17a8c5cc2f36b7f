import type { ConvAttributes, Node } from '@espalier/network';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import type { Emission } from '../emission.ts';
import type { Tf } from '../value.ts';
import { byConvGroup, dilated, everyNth, padSpace } from './window.ts';

export const conv: Emission<ConvAttributes> = {
  op: 'Conv',
  prepare(given, { tf, derive, differentiable }) {
    const { group, dilations } = given.attributes;
    // TensorFlow.js has no gradient of a dilated convolution, but of one with zeros in its window.
    const widened = differentiable && group >= 1 && dilations.some((dilation) => dilation > 1);
    const filters = derive(1, (weight) => {
      const made = filtersOf(tf, weight, given);
      const depthwise = group > 1 && made.length === 1;
      return widened && !depthwise ? made.map((filter) => dilated(tf, filter, dilations)) : made;
    });
    const node = widened ? { ...given, attributes: { ...given.attributes, dilations: [1, 1] } } : given;
    const bias = node.inputs[2] === undefined ? undefined : derive(2, (tensor) => tensor.clone());
    return (inputs) => {
      const [x, made] = [inputs(0).nhwc(), filters(inputs)];
      const [first] = made;
      const depthwise = group > 1 && made.length === 1 && first;
      const out = depthwise ? depthwiseConvolution(tf, x, first, node) : convolution(tf, x, made, node);
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
  const parts = group > 1 ? tf.split(weight, group, 0) : [weight];
  return parts.map((part) => tf.transpose(part, [2, 3, 1, 0]));
}

function depthwiseConvolution(
  tf: Tf,
  x: Tensor4D,
  filter: Tensor,
  { attributes }: Node<ConvAttributes>,
): Tensor4D {
  const [rows = 1, columns = 1] = attributes.strides;
  const { input, pad } = paddedInput(tf, x, filter.shape, attributes);
  // The native kernel takes equal strides only.
  const stride = rows === columns ? rows : 1;
  const out = tf.depthwiseConv2d(input, filter as Tensor4D, stride, pad);
  return rows === columns ? out : everyNth(tf, out, attributes.strides);
}

function convolution(
  tf: Tf,
  x: Tensor4D,
  filters: readonly Tensor[],
  { attributes }: Node<ConvAttributes>,
): Tensor4D {
  const { strides, dilations } = attributes;
  const [down = 1, across = 1] = dilations;
  const [height = 1, width = 1] = filters[0]?.shape ?? [];
  const reach = [(height - 1) * down + 1, (width - 1) * across + 1];
  const { input, pad } = paddedInput(tf, x, reach, attributes);
  // TensorFlow has strides or dilations, not both.
  const both = strides.some((stride) => stride > 1) && dilations.some((dilation) => dilation > 1);
  const [rows = 1, columns = 1] = both ? [] : strides;
  const out = byConvGroup(tf, input, filters, (part, filter) =>
    tf.conv2d(part, filter, [rows, columns], pad, 'NHWC', [down, across]),
  );
  return both ? everyNth(tf, out, strides) : out;
}

/** TensorFlow pads by itself in the usual case; what else it means by "same" depends on the extents. */
function paddedInput(
  tf: Tf,
  x: Tensor4D,
  [height = 1, width = 1]: readonly number[],
  { pads, strides }: ConvAttributes,
): { input: Tensor4D; pad: 'same' | 'valid' } {
  const around = [(height - 1) / 2, (width - 1) / 2];
  const same = strides.every((stride) => stride === 1) && pads.every((pad, i) => pad === around[i % 2]);
  return same ? { input: x, pad: 'same' } : { input: padSpace(tf, x, pads, 0), pad: 'valid' };
}
