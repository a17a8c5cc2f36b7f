import { type Attributes, inputOf, outputOf } from '../network.ts';
import type { Operation } from '../operation.ts';

type SplitAttributes = Attributes & { readonly axis: number; readonly split: readonly number[] };

/** `axis` counts from the front; `split` has one size an output. */
export const split: Operation<SplitAttributes> = {
  op: 'Split',

  shapes(node, [x = []]) {
    const { axis, split } = node.attributes;
    const total = split.reduce((sum, size) => sum + size, 0);
    if (total !== x[axis]) throw new Error(`sizes [${split}] do not add up to axis ${axis} of [${x}]`);
    return split.map((size) => x.map((extent, i) => (i === axis ? size : extent)));
  },

  couple(node, coupler) {
    const x = inputOf(node, 0);
    const { axis, split } = node.attributes;
    let from = 0;
    split.forEach((size, part) => {
      coupler.shape(x).forEach((_, i) => {
        const labels = coupler.labels(x, i);
        coupler.label(
          outputOf(node, part),
          i,
          i === axis ? (labels?.subarray(from, from + size) ?? null) : labels,
        );
      });
      from += size;
    });
  },

  cut(node, cut) {
    const x = inputOf(node, 0);
    const { axis, split } = node.attributes;
    let from = 0;
    const sizes = split.map((size) => {
      from += size;
      return cut.kept(x, axis, from - size, from);
    });
    return { ...node.attributes, split: sizes };
  },
};
