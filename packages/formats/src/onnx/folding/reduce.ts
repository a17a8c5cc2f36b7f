import { stridesOf } from '@espalier/network';
import { axesFromFront } from '../axes.ts';
import { makeConstant } from '../constant.ts';
import { type Fold, integers, operand } from './folder.ts';

interface Reduction {
  readonly start: number;
  add(sum: number, value: number): number;
  finish?(sum: number, count: number): number;
}

function reduce({ start, add, finish = (sum) => sum }: Reduction): Fold {
  return (node, inputs) => {
    const x = operand(node, inputs, 0);
    const given = integers(node, inputs, 1, 'axes') ?? [];
    if (given.length === 0 && node.attributes.int('noop_with_empty_axes', 0) === 1) return x;
    const all = x.dims.map((_, axis) => axis);
    const axes = given.length > 0 ? axesFromFront(node, given, x.dims.length) : all;
    const kept = x.dims.map((extent, axis) => (axes.includes(axis) ? 1 : extent));
    const [from, to] = [stridesOf(x.dims), stridesOf(kept)];
    const sums = new Float64Array(kept.reduce((size, extent) => size * extent, 1)).fill(start);
    x.data.forEach((value, index) => {
      let at = 0;
      kept.forEach((extent, axis) => {
        if (extent > 1) at += (Math.floor(index / (from[axis] ?? 1)) % extent) * (to[axis] ?? 0);
      });
      sums[at] = add(sums[at] ?? start, value);
    });
    const dims = node.attributes.int('keepdims', 1) ? kept : x.dims.filter((_, axis) => !axes.includes(axis));
    const count = x.data.length / sums.length;
    return makeConstant(x, dims, x.data.length, (i) => finish(sums[i] ?? 0, count));
  };
}

export const reduceFolds: Readonly<Record<string, Fold>> = {
  ReduceL2: reduce({ start: 0, add: (sum, x) => sum + x * x, finish: Math.sqrt }),
  ReduceMax: reduce({ start: Number.NEGATIVE_INFINITY, add: Math.max }),
  ReduceMean: reduce({ start: 0, add: (sum, x) => sum + x, finish: (sum, count) => sum / count }),
  ReduceMin: reduce({ start: Number.POSITIVE_INFINITY, add: Math.min }),
  ReduceProd: reduce({ start: 1, add: (product, x) => product * x }),
  ReduceSum: reduce({ start: 0, add: (sum, x) => sum + x }),
  ReduceSumSquare: reduce({ start: 0, add: (sum, x) => sum + x * x }),
};
