import { type Attributes, inputOf, outputOf } from '../network.ts';
import type { Operation } from '../operation.ts';

/** `scales` has one entry an axis: that of the batch is 1. */
export type ResizeAttributes = Attributes & {
  readonly mode: 'nearest' | 'linear' | 'cubic';
  readonly scales: readonly number[];
  readonly coordinate_transformation_mode: string;
  readonly nearest_mode: string;
  readonly cubic_coeff_a?: number;
  readonly exclude_outside?: number;
  readonly antialias?: number;
  /** Of tf_crop_and_resize: where the region begins along each axis, then where it ends, as shares of the axis. */
  readonly roi?: readonly number[];
  readonly extrapolation_value?: number;
};

export const resize: Operation<ResizeAttributes> = {
  op: 'Resize',
  // In single precision, as runtimes compute it: 10 pixels times 0.7 are 7, not 6.
  shapes({ attributes: { scales, roi } }, [x = []]) {
    const share = (axis: number) => (roi ? (roi[axis + x.length] ?? 1) - (roi[axis] ?? 0) : 1);
    return [
      x.map((extent, axis) => Math.floor(Math.fround(extent * share(axis) * Math.fround(scales[axis] ?? 1)))),
    ];
  },
  couple(node, coupler) {
    const x = inputOf(node, 0);
    node.attributes.scales.forEach((scale, axis) => {
      if (scale === 1) coupler.label(outputOf(node), axis, coupler.labels(x, axis));
    });
  },
};
