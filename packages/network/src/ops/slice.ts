import { inputOf, outputOf } from '../network.ts';
import type { Operation } from '../operation.ts';

/** One entry an axis; 0 <= start <= end <= extent, steps >= 1. A stepped channel slice is a Gather instead. */
export type SliceAttributes = {
  readonly axes: readonly number[];
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  readonly steps: readonly number[];
};

export const slice: Operation<SliceAttributes> = {
  op: 'Slice',

  shapes(node, [x = []]) {
    const { axes, starts, ends, steps } = node.attributes;
    const shape = [...x];
    axes.forEach((axis, i) => {
      shape[axis] = Math.max(0, Math.ceil(((ends[i] ?? 0) - (starts[i] ?? 0)) / (steps[i] ?? 1)));
    });
    return [shape];
  },

  couple(node, coupler) {
    const x = inputOf(node, 0);
    const { axes, starts, ends, steps } = node.attributes;
    coupler.shape(x).forEach((_, axis) => {
      const labels = coupler.labels(x, axis);
      const i = axes.indexOf(axis);
      const [start, end, step] = [starts[i] ?? 0, ends[i] ?? 0, steps[i] ?? 1];
      if (i >= 0 && step > 1)
        coupler.pin(labels, `Slice "${node.name}" takes its channels in steps of ${step}`);
      const taken = labels?.filter(
        (_, index) => index >= start && index < end && (index - start) % step === 0,
      );
      coupler.label(outputOf(node), axis, i < 0 ? labels : (taken ?? null));
    });
  },

  cut(node, cut) {
    const x = inputOf(node, 0);
    const { axes, starts, ends, steps } = node.attributes;
    const moved = (axis: number, i: number, to: number) => (steps[i] === 1 ? cut.kept(x, axis, 0, to) : to);
    return {
      ...node.attributes,
      starts: axes.map((axis, i) => moved(axis, i, starts[i] ?? 0)),
      ends: axes.map((axis, i) => moved(axis, i, ends[i] ?? 0)),
    };
  },
};
