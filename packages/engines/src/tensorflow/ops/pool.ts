import {
  countedPixels,
  findOperation,
  type Node,
  type PoolAttributes,
  reachedBehind,
  type Shape,
  sizeOf,
} from '@espalier/network';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import { inLayout } from '../emission.ts';
import type { Tf } from '../value.ts';
import { everyNth, padSpace } from './window.ts';

export const maxPool = inLayout<PoolAttributes>('MaxPool', 'nhwc', (x, node, tf, inputs) => {
  const { kernel_shape, strides, dilations = [1, 1] } = node.attributes;
  const padded = paddedWindows(tf, x, node, inputs(0).shape, Number.NEGATIVE_INFINITY);
  const dilated = dilations.some((dilation) => dilation > 1);
  return dilated
    ? dilatedMax(tf, padded, node)
    : tf.maxPool(padded, pair(kernel_shape), pair(strides), 'valid');
});

/**
 * TensorFlow divides by the size of the window. It is the number of pixels under the window that should be counted.
 */
export const averagePool = inLayout<PoolAttributes>('AveragePool', 'nhwc', (x, node, tf, inputs) => {
  const { kernel_shape, strides } = node.attributes;
  const { shape } = inputs(0);
  const averaged = tf.avgPool(
    paddedWindows(tf, x, node, shape, 0),
    pair(kernel_shape),
    pair(strides),
    'valid',
  );
  const out = outputShape(node, shape);
  const factors = countedPixels(node.attributes, shape, out).map((counted) => sizeOf(kernel_shape) / counted);
  if (factors.every((factor) => factor === 1)) return averaged;
  return tf.mul(averaged, tf.tensor4d(factors, [1, out[2] ?? 1, out[3] ?? 1, 1]));
});

function pair([a = 1, b = 1]: readonly number[]): [number, number] {
  return [a, b];
}

function outputShape(node: Node<PoolAttributes>, shape: Shape): Shape {
  return findOperation(node.op)?.shapes(node, [shape])[0] ?? [];
}

/** The declared padding with what ceil_mode needs after it. */
function paddedWindows(tf: Tf, x: Tensor, node: Node<PoolAttributes>, shape: Shape, value: number): Tensor4D {
  const { pads } = node.attributes;
  const needed = reachedBehind(node.attributes, shape, outputShape(node, shape));
  const behind = needed.map((count, i) => Math.max(count, pads[i + 2] ?? 0));
  return padSpace(tf, x as Tensor4D, [...pads.slice(0, 2), ...behind], value);
}

/** The largest of the rows of each window, then of the columns. */
function dilatedMax(tf: Tf, x: Tensor4D, { attributes }: Node<PoolAttributes>): Tensor4D {
  const { kernel_shape, strides, dilations = [1, 1] } = attributes;
  const largest = [1, 2].reduce((tensor, axis) => {
    const [count, step] = [kernel_shape[axis - 1] ?? 1, dilations[axis - 1] ?? 1];
    const size = tensor.shape.with(axis, (tensor.shape[axis] ?? 1) - (count - 1) * step);
    const shifted = Array.from({ length: count }, (_, k) =>
      tf.slice(tensor, [0, 0, 0, 0].with(axis, k * step), size),
    );
    return shifted.reduce((a, b) => tf.maximum(a, b));
  }, x);
  return everyNth(tf, largest, strides);
}
