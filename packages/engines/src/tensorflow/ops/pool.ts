import { findOperation, type Node, type PoolAttributes } from '@espalier/network';
import type { Tensor4D } from '@tensorflow/tfjs';
import { anyLayout, type Emission } from '../emission.ts';
import { axisIn, type Tf } from '../value.ts';
import { everyNth, padSpace } from './window.ts';

export const maxPool: Emission<PoolAttributes> = {
  op: 'MaxPool',
  prepare:
    (node, { tf }) =>
    (inputs) => {
      const { kernel_shape, strides, dilations = [1, 1] } = node.attributes;
      const windows = windowsOf(node, inputs(0).shape);
      const x = padSpace(tf, inputs(0).nhwc(), windows.pads, Number.NEGATIVE_INFINITY);
      const dilated = dilations.some((dilation) => dilation > 1);
      const tensor = dilated
        ? dilatedMax(tf, x, node)
        : tf.maxPool(x, pair(kernel_shape), pair(strides), 'valid');
      return [{ tensor, layout: 'nhwc' }];
    },
};

export const averagePool: Emission<PoolAttributes> = {
  op: 'AveragePool',
  prepare:
    (node, { tf }) =>
    (inputs) => {
      const { kernel_shape, strides } = node.attributes;
      const windows = windowsOf(node, inputs(0).shape);
      const x = padSpace(tf, inputs(0).nhwc(), windows.pads, 0);
      const averaged = tf.avgPool(x, pair(kernel_shape), pair(strides), 'valid');
      return [{ tensor: reweigh(tf, averaged, node, windows), layout: 'nhwc' }];
    },
};

function pair([a = 1, b = 1]: readonly number[]): [number, number] {
  return [a, b];
}

interface Windows {
  /** How many windows there are along height and width. */
  readonly out: readonly number[];
  readonly extents: readonly number[];
  /** [top, left, bottom, right] with what ceil_mode needs behind the declared pads. */
  readonly pads: readonly number[];
}

function windowsOf(node: Node<PoolAttributes>, shape: number[]): Windows {
  const { kernel_shape, strides, pads, dilations } = node.attributes;
  const [, , ...out] = findOperation(node.op)?.shapes(node, [shape])[0] ?? [];
  const [, , ...extents] = shape;
  const behind = extents.map((extent, i) => {
    const reach = ((kernel_shape[i] ?? 1) - 1) * (dilations?.[i] ?? 1) + 1;
    const needed = ((out[i] ?? 1) - 1) * (strides[i] ?? 1) + reach - extent - (pads[i] ?? 0);
    return Math.max(needed, pads[i + 2] ?? 0);
  });
  return { out, extents, pads: [...pads.slice(0, 2), ...behind] };
}

/** The largest of the rows of each window, then of the columns. */
function dilatedMax(tf: Tf, x: Tensor4D, { attributes }: Node<PoolAttributes>): Tensor4D {
  const { kernel_shape, strides, dilations = [1, 1] } = attributes;
  const largest = [1, 2].reduce((tensor, axis) => {
    const [count, step] = [kernel_shape[axis - 1] ?? 1, dilations[axis - 1] ?? 1];
    const size = tensor.shape.map((old, i) => (i === axis ? old - (count - 1) * step : old));
    const shifted = Array.from({ length: count }, (_, k) =>
      tf.slice(
        tensor,
        size.map((_, i) => (i === axis ? k * step : 0)),
        size,
      ),
    );
    return shifted.reduce((a, b) => tf.maximum(a, b));
  }, x);
  return everyNth(tf, largest, strides);
}

/**
 * TensorFlow divided by the size of the window. It is the number of pixels under the window that should
 * have been counted: those inside of the image, or with count_include_pad inside of the declared padding;
 * what ceil_mode added behind it never counts.
 */
function reweigh(tf: Tf, averaged: Tensor4D, node: Node<PoolAttributes>, windows: Windows): Tensor4D {
  const { kernel_shape, strides, pads, count_include_pad } = node.attributes;
  const [rows = [], columns = []] = windows.out.map((out, i) => {
    const before = pads[i] ?? 0;
    const from = count_include_pad ? -before : 0;
    const to = (windows.extents[i] ?? 1) + (count_include_pad ? (pads[i + 2] ?? 0) : 0);
    return Array.from({ length: out }, (_, k) => {
      const start = k * (strides[i] ?? 1) - before;
      return Math.min(start + (kernel_shape[i] ?? 1), to) - Math.max(start, from);
    });
  });
  const whole = (kernel_shape[0] ?? 1) * (kernel_shape[1] ?? 1);
  const factors = rows.flatMap((row) => columns.map((column) => whole / (row * column)));
  if (factors.every((factor) => factor === 1)) return averaged;
  return tf.mul(averaged, tf.tensor4d(factors, [1, rows.length, columns.length, 1]));
}

function globalPool(op: string, reduce: 'mean' | 'max') {
  return anyLayout(op, (x, _node, tf, layout) => {
    const space = [...x.shape.keys()].slice(2).map((axis) => axisIn(layout, axis));
    return tf[reduce](x, space, true);
  });
}

export const globalAveragePool = globalPool('GlobalAveragePool', 'mean');
export const globalMaxPool = globalPool('GlobalMaxPool', 'max');
