import { type Attributes, inputOf, outputOf } from '../network.ts';
import type { Operation } from '../operation.ts';

/** `pads`: what is added before each axis, then what is added behind each. */
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
        const padded = [...coupler.fresh(before), ...labels, ...coupler.fresh(behind)];
        coupler.label(outputOf(node), axis, Int32Array.from(padded));
      } else coupler.pin(labels, `Pad "${node.name}" repeats ${extent} channels`);
    });
  },

  cut(node, cut) {
    const [x, out] = [inputOf(node, 0), outputOf(node)];
    const shape = cut.shape(x);
    const rank = shape.length;
    const pads = [...node.attributes.pads];
    shape.forEach((extent, axis) => {
      const before = node.attributes.pads[axis] ?? 0;
      const behind = node.attributes.pads[axis + rank] ?? 0;
      if (before > 0) pads[axis] = cut.kept(out, axis, 0, before);
      if (behind > 0) pads[axis + rank] = cut.kept(out, axis, before + extent, before + extent + behind);
    });
    return { ...node.attributes, pads };
  },
};
