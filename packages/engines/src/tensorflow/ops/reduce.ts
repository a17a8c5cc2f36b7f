import type { ReduceAttributes } from '@espalier/network';
import type { Tensor } from '@tensorflow/tfjs';
import type { Emission } from '../emission.ts';
import { axisIn, type Layout, type Tf, type Value } from '../value.ts';

function reduce(
  op: string,
  compute: (tf: Tf, x: Tensor, axes: number[], keepDims: boolean) => Tensor,
): Emission<ReduceAttributes> {
  return {
    op,
    prepare:
      (node, { tf }) =>
      (inputs) => {
        const axes = [...node.attributes.axes];
        const keepDims = node.attributes.keepdims === 1;
        const layout = layoutFor(inputs(0), axes, keepDims);
        const inMemory = axes.map((axis) => axisIn(layout, axis));
        const tensor = compute(tf, inputs(0).in(layout), inMemory, keepDims);
        return [{ tensor, layout: keepDims ? layout : 'nchw' }];
      },
  };
}

/** Without the reduced axes what is left has to lie in the network's order. */
function layoutFor(x: Value, axes: readonly number[], keepDims: boolean): Layout {
  if (x.layout === 'nchw' || keepDims) return x.layout;
  const left = [0, 1, 2, 3].filter((axis) => !axes.includes(axis)).map((axis) => axisIn('nhwc', axis));
  return left.every((axis, i) => i === 0 || axis > (left[i - 1] ?? 0)) ? 'nhwc' : 'nchw';
}

export const reduceMean = reduce('ReduceMean', (tf, x, axes, keepDims) => tf.mean(x, axes, keepDims));
export const reduceSum = reduce('ReduceSum', (tf, x, axes, keepDims) => tf.sum(x, axes, keepDims));
export const reduceMax = reduce('ReduceMax', (tf, x, axes, keepDims) => tf.max(x, axes, keepDims));
