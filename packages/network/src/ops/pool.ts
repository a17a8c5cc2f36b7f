import { type Attributes, inputOf, type Node, outputOf } from '../network.ts';
import type { Coupler, Operation } from '../operation.ts';
import { windowExtent } from './conv.ts';

/** pads are [top, left, bottom, right]; AveragePool has no dilations but count_include_pad. */
export type PoolAttributes = {
  readonly kernel_shape: readonly number[];
  readonly strides: readonly number[];
  readonly pads: readonly number[];
  readonly dilations?: readonly number[];
  readonly ceil_mode: number;
  readonly count_include_pad?: number;
};

function keepChannels(node: Node, coupler: Coupler): void {
  coupler.label(outputOf(node), 1, coupler.labels(inputOf(node, 0), 1));
}

function pool(op: string): Operation<PoolAttributes> {
  return {
    op,
    shapes(node, [x = []]) {
      const { kernel_shape, strides, pads, dilations, ceil_mode } = node.attributes;
      const [n = 0, channels = 0, ...space] = x;
      if (space.length !== 2)
        throw new Error(`only two-dimensional pooling is supported, the input is [${x}]`);
      const extents = space.map((extent, i) => {
        const [kernel, stride, before] = [kernel_shape[i] ?? 1, strides[i] ?? 1, pads[i] ?? 0];
        const padding = before + (pads[i + space.length] ?? 0);
        const out = windowExtent(extent, kernel, stride, padding, dilations?.[i] ?? 1, ceil_mode === 1);
        // With ceil_mode a last window that would start in the padding is dropped.
        return ceil_mode === 1 && (out - 1) * stride >= extent + before ? out - 1 : out;
      });
      if (extents.some((extent) => extent < 1))
        throw new Error(`its window does not fit into the input [${x}]`);
      return [[n, channels, ...extents]];
    },
    couple: keepChannels,
  };
}

function globalPool(op: string): Operation {
  return {
    op,
    shapes: (_node, [x = []]) => [x.map((extent, axis) => (axis < 2 ? extent : 1))],
    couple: keepChannels,
  };
}

export const maxPool = pool('MaxPool');
export const averagePool = pool('AveragePool');
export const globalAveragePool: Operation<Attributes> = globalPool('GlobalAveragePool');
export const globalMaxPool: Operation<Attributes> = globalPool('GlobalMaxPool');
