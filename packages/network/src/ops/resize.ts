import { type Attributes, inputOf, outputOf } from '../network.ts';
import type { Operation } from '../operation.ts';

/** Scales pixels, never channels: `scales` is [1, 1, height, width]. */
export type ResizeAttributes = Attributes & {
  readonly mode: 'nearest' | 'linear';
  readonly scales: readonly number[];
  readonly coordinate_transformation_mode: string;
  readonly nearest_mode: string;
};

export const resize: Operation<ResizeAttributes> = {
  op: 'Resize',
  // In single precision, as runtimes compute it: 10 pixels times 0.7 are 7, not 6.
  shapes: (node, [x = []]) => [
    x.map((extent, axis) => Math.floor(Math.fround(extent * Math.fround(node.attributes.scales[axis] ?? 1)))),
  ],
  couple(node, coupler) {
    coupler.label(outputOf(node), 1, coupler.labels(inputOf(node, 0), 1));
  },
};
