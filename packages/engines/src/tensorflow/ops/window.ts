import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import type { Tf } from '../value.ts';

/** Adds rows and columns of `value` around a channels-last tensor. */
export function padSpace(
  tf: Tf,
  x: Tensor4D,
  [top = 0, left = 0, bottom = 0, right = 0]: readonly number[],
  value: number,
): Tensor4D {
  if (top === 0 && left === 0 && bottom === 0 && right === 0) return x;
  return tf.pad(
    x,
    [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ],
    value,
  );
}

/** Every `strides`th row and column of a channels-last tensor, beginning with the first. */
export function everyNth(tf: Tf, x: Tensor4D, [rows = 1, columns = 1]: readonly number[]): Tensor4D {
  return stepped(tf, x, [1, rows, columns, 1]) as Tensor4D;
}

/**
 * Every `steps[axis]`th entry along each axis, beginning with the first. TensorFlow's own operation for it has
 * no gradient.
 */
export function stepped(tf: Tf, x: Tensor, steps: readonly number[]): Tensor {
  return steps.reduce((tensor, step, axis) => {
    if (step === 1) return tensor;
    const { shape } = tensor;
    const [extent = 1] = shape.slice(axis);
    const count = Math.ceil(extent / step);
    const whole = padBehind(tf, tensor, axis, count * step - extent);
    const split = tf.reshape(whole, shape.toSpliced(axis, 1, count, step));
    return tf.reshape(leading(tf, split, axis + 1, 1), shape.with(axis, count));
  }, x);
}

/** Zeros after one axis. */
function padBehind(tf: Tf, x: Tensor, axis: number, count: number): Tensor {
  return tf.pad(
    x,
    x.shape.map((_, i) => [0, i === axis ? count : 0]),
  );
}

/** The first entries of one axis. */
function leading(tf: Tf, x: Tensor, axis: number, count: number): Tensor {
  return tf.slice(x, Array(x.rank).fill(0), x.shape.with(axis, count));
}

/** Runs each conv-group's filter over its part of the channels of a channels-last tensor. */
export function byConvGroup(
  tf: Tf,
  x: Tensor4D,
  filters: readonly Tensor[],
  convolve: (part: Tensor4D, filter: Tensor4D) => Tensor4D,
): Tensor4D {
  const parts = filters.length > 1 ? tf.split(x, filters.length, 3) : [x];
  const outs = filters.map((filter, g) => convolve(parts[g] as Tensor4D, filter as Tensor4D));
  const [first] = outs;
  return outs.length === 1 && first ? first : tf.concat(outs, 3);
}

/**
 * A window with `dilation - 1` zeros between its rows and columns: dilation where a kernel has none.
 * `window` is [height, width, ...].
 */
export function dilated(tf: Tf, window: Tensor, dilations: readonly number[]): Tensor {
  return [0, 1].reduce((tensor, axis) => {
    const step = dilations[axis] ?? 1;
    if (step === 1) return tensor;
    const { shape } = tensor;
    const extent = (shape[axis] ?? 1) * step;
    const spread = padBehind(tf, tf.reshape(tensor, shape.toSpliced(axis + 1, 0, 1)), axis + 1, step - 1);
    // No zeros after the last row.
    return leading(tf, tf.reshape(spread, shape.with(axis, extent)), axis, extent - step + 1);
  }, window);
}
