import { type Attributes, inputOf, outputOf } from '../network.ts';
import type { Operation } from '../operation.ts';

/** `pads`: what is added before each axis, then what is added after each; a negative pad takes away. */
export type PadAttributes = Attributes & {
  readonly pads: readonly number[];
  readonly mode: 'constant' | 'reflect' | 'edge';
  readonly value: number;
};

export const pad: Operation<PadAttributes> = {
  op: 'Pad',

  shapes(node, [x = []]) {
    const { pads } = node.attributes;
    if (pads.length !== 2 * x.length)
      throw new Error(`${pads.length} pads do not fit an input of shape [${x}]`);
    return [x.map((extent, axis) => (pads[axis] ?? 0) + extent + (pads[axis + x.length] ?? 0))];
  },

  // Padded channels are constants, tied to nothing yet: a parameter-free shortcut's zeros may go with the
  // filters they are added to.
  couple(node, coupler) {
    const x = inputOf(node, 0);
    const { pads, mode } = node.attributes;
    const rank = coupler.shape(x).length;
    coupler.shape(x).forEach((extent, axis) => {
      const [before, behind] = [pads[axis] ?? 0, pads[axis + rank] ?? 0];
      const labels = coupler.labels(x, axis);
      if (before === 0 && behind === 0) coupler.label(outputOf(node), axis, labels);
      else if (labels && mode === 'constant') {
        const inside = labels.subarray(Math.max(0, -before), extent + Math.min(0, behind));
        const padded = [
          ...coupler.fresh(Math.max(0, before)),
          ...inside,
          ...coupler.fresh(Math.max(0, behind)),
        ];
        coupler.label(outputOf(node), axis, Int32Array.from(padded));
      } else coupler.pin(labels, `Pad "${node.name}" widens its ${extent} channels in mode ${mode}`);
    });
  },

  cut(node, cut) {
    const [x, out] = [inputOf(node, 0), outputOf(node)];
    const [from, to] = [cut.shape(x), cut.shape(out)];
    const pads = node.attributes.pads.map((pad, i) => {
      const axis = i % from.length;
      const atStart = i < from.length;
      if (pad < 0)
        return 0 - (atStart ? cut.kept(x, axis, 0, -pad) : cut.kept(x, axis, (from[axis] ?? 0) + pad));
      return atStart ? cut.kept(out, axis, 0, pad) : cut.kept(out, axis, (to[axis] ?? 0) - pad);
    });
    return { ...node.attributes, pads };
  },
};
