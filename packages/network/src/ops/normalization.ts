import { type Attributes, inputOf, type Node, outputOf } from '../network.ts';
import type { Coupler, Operation } from '../operation.ts';
import { partsOf } from './conv.ts';

/** Binds per-channel constants (inputs 1, 2, ...) to the channels on axis 1 and passes all axes through. */
function couplePerChannel(node: Node, coupler: Coupler): void {
  const x = inputOf(node, 0);
  for (const constant of node.inputs.slice(1)) coupler.bind(constant, 0, coupler.labels(x, 1));
  passThrough(node, coupler);
}

export function passThrough(node: Node, coupler: Coupler): void {
  const x = inputOf(node, 0);
  coupler.shape(x).forEach((_, axis) => {
    coupler.label(outputOf(node), axis, coupler.labels(x, axis));
  });
}

/** In inference form. Inputs: x [n, c, ...], scale [c], shift [c], running mean [c], running variance [c]. */
export const batchNormalization: Operation<Attributes & { readonly epsilon: number }> = {
  op: 'BatchNormalization',
  shapes(_node, [x = [], scale = []]) {
    if (scale[0] !== x[1]) throw new Error(`input [${x}] does not fit ${scale[0]} scales`);
    return [x];
  },
  couple: couplePerChannel,
  parameters: (node) => node.inputs.slice(1, 3),
};

/** Inputs: x [n, c, h, w], scale [c], shift [c]. Each channel separately. */
export const instanceNormalization: Operation<Attributes & { readonly epsilon: number }> = {
  op: 'InstanceNormalization',
  shapes: (_node, [x = []]) => [x],
  couple: couplePerChannel,
  parameters: (node) => node.inputs.slice(1, 3),
};

/** Over all axes from `axis` on. Inputs: x, scale, shift?, both of the shape of those axes. */
export const layerNormalization: Operation<Attributes & { readonly axis: number; readonly epsilon: number }> =
  {
    op: 'LayerNormalization',
    shapes: (_node, [x = []]) => [x],
    couple(node, coupler) {
      const x = inputOf(node, 0);
      const { axis } = node.attributes;
      for (let i = axis; i < coupler.shape(x).length; i++) {
        const labels = coupler.labels(x, i);
        coupler.mix(labels, `LayerNormalization "${node.name}" normalises over its channels`);
        for (const constant of node.inputs.slice(1)) coupler.bind(constant, i - axis, labels);
      }
      passThrough(node, coupler);
    },
    parameters: (node) => node.inputs.slice(1),
  };

/** Inputs: x [n, c, h, w], scale [c], shift [c]. All of its `num_groups` sets of channels stay equally large. */
export const groupNormalization: Operation<
  Attributes & { readonly num_groups: number; readonly epsilon: number }
> = {
  op: 'GroupNormalization',
  shapes: (_node, [x = []]) => [x],
  couple(node, coupler) {
    const labels = coupler.labels(inputOf(node, 0), 1);
    const reason = `GroupNormalization "${node.name}" normalises over sets of its channels`;
    coupler.mix(labels, reason);
    if (labels) coupler.balance(partsOf(labels, node.attributes.num_groups), reason);
    couplePerChannel(node, coupler);
  },
  parameters: (node) => node.inputs.slice(1, 3),
};

/** Across `size` neighbouring channels. */
export const lrn: Operation<
  Attributes & { readonly size: number; readonly alpha: number; readonly beta: number; readonly bias: number }
> = {
  op: 'LRN',
  shapes: (_node, [x = []]) => [x],
  couple(node, coupler) {
    coupler.mix(
      coupler.labels(inputOf(node, 0), 1),
      `LRN "${node.name}" normalises across neighbouring channels`,
    );
    passThrough(node, coupler);
  },
};
