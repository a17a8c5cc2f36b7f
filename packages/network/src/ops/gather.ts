import { type Attributes, inputOf, outputOf } from '../network.ts';
import type { Operation } from '../operation.ts';

type GatherAttributes = Attributes & { readonly axis: number; readonly indices: readonly number[] };

/** Picks indices of one axis: a channel shuffle, a stepped or reversed channel slice. `axis` counts from the front. */
export const gather: Operation<GatherAttributes> = {
  op: 'Gather',

  shapes(node, [x = []]) {
    const { axis, indices } = node.attributes;
    const extent = x[axis] ?? 0;
    const outside = indices.find((index) => index < 0 || index >= extent);
    if (outside !== undefined) throw new Error(`index ${outside} lies outside of axis ${axis} of [${x}]`);
    return [x.map((old, i) => (i === axis ? indices.length : old))];
  },

  couple(node, coupler) {
    const x = inputOf(node, 0);
    const { axis, indices } = node.attributes;
    coupler.shape(x).forEach((_, i) => {
      const labels = coupler.labels(x, i);
      const picked = labels && Int32Array.from(indices, (index) => labels[index] ?? 0);
      coupler.label(outputOf(node), i, i === axis ? picked : labels);
    });
  },

  // What stays is renumbered; the order stays.
  cut(node, cut) {
    const x = inputOf(node, 0);
    const { axis, indices } = node.attributes;
    const position = new Map(cut.keptIndices(x, axis).map((index, to) => [index, to]));
    return { ...node.attributes, indices: indices.flatMap((index) => position.get(index) ?? []) };
  },
};
