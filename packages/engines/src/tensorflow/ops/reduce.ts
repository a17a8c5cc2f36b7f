import type { Attributes, ReduceAttributes } from '@espalier/network';
import { type Emission, unprepared } from '../emission.ts';
import { axisIn, type Layout, type Value } from '../value.ts';

function reduction<A extends Attributes>(
  op: string,
  by: 'mean' | 'sum' | 'max',
  settings: (attributes: A, rank: number) => { readonly axes: readonly number[]; readonly keepdims: number },
): Emission<A> {
  return unprepared(op, (inputs, { attributes }, tf) => {
    const { axes, keepdims } = settings(attributes, inputs(0).shape.length);
    const layout = keepdims === 1 ? inputs(0).layout : layoutFor(inputs(0), axes);
    const inMemory = axes.map((axis) => axisIn(layout, axis));
    const tensor = tf[by](inputs(0).in(layout), inMemory, keepdims === 1);
    return { tensor, layout: keepdims === 1 ? layout : 'nchw' };
  });
}

/** Without the reduced axes what is left has to be in the network's order. */
function layoutFor(x: Value, axes: readonly number[]): Layout {
  if (x.layout === 'nchw') return x.layout;
  const left = [0, 1, 2, 3].filter((axis) => !axes.includes(axis)).map((axis) => axisIn('nhwc', axis));
  return left.every((axis, i) => i === 0 || axis > (left[i - 1] ?? 0)) ? 'nhwc' : 'nchw';
}

const stated = (attributes: ReduceAttributes) => attributes;
const overSpace = (_: Attributes, rank: number) => ({ axes: [...Array(rank).keys()].slice(2), keepdims: 1 });

export const reductionEmissions = [
  reduction('ReduceMean', 'mean', stated),
  reduction('ReduceSum', 'sum', stated),
  reduction('ReduceMax', 'max', stated),
  reduction('GlobalAveragePool', 'mean', overSpace),
  reduction('GlobalMaxPool', 'max', overSpace),
];
