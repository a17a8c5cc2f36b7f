import type { ConvTransposeAttributes, Node } from '@espalier/network';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import type { Emission } from '../emission.ts';
import type { Tf } from '../value.ts';
import { byConvGroup, dilated } from './window.ts';

export const convTranspose: Emission<ConvTransposeAttributes> = {
  op: 'ConvTranspose',
  prepare(node, { tf, derive }) {
    const { group, dilations } = node.attributes;
    // [c, out / group, kh, kw] -> one [kh, kw, out / group, c / group] a conv-group
    const filters = derive(1, (weight) =>
      (group > 1 ? tf.split(weight, group, 0) : [weight]).map((part) =>
        dilated(tf, tf.transpose(part, [2, 3, 1, 0]), dilations),
      ),
    );
    const bias = node.inputs[2] === undefined ? undefined : derive(2, (tensor) => tensor.clone());
    return (inputs) => {
      const out = byConvGroup(tf, inputs(0).nhwc(), filters(inputs), (part, filter) =>
        transposed(tf, part, filter, node),
      );
      return [{ tensor: bias ? tf.add(out, bias(inputs)) : out, layout: 'nhwc' }];
    };
  },
};

/** The whole output without padding, then cut to what the pads leave. */
function transposed(
  tf: Tf,
  x: Tensor4D,
  filter: Tensor,
  { attributes: { strides, pads, output_padding } }: Node<ConvTransposeAttributes>,
): Tensor4D {
  const [n, height, width] = x.shape;
  const [rows = 1, columns = 1] = strides;
  const [kernelHeight = 1, kernelWidth = 1, out = 1] = filter.shape;
  const whole: [number, number] = [
    (height - 1) * rows + kernelHeight + (output_padding[0] ?? 0),
    (width - 1) * columns + kernelWidth + (output_padding[1] ?? 0),
  ];
  const full = tf.conv2dTranspose(x, filter as Tensor4D, [n, ...whole, out], [rows, columns], 'valid');
  const [top = 0, left = 0, bottom = 0, right = 0] = pads;
  if (pads.every((pad) => pad === 0)) return full as Tensor4D;
  return tf.slice(
    full as Tensor4D,
    [0, top, left, 0],
    [n, whole[0] - top - bottom, whole[1] - left - right, out],
  );
}
