import type { ChannelMap } from './groups/index.ts';
import type { Network, NetworkInput, Node } from './network.ts';
import { FIXED } from './operation.ts';
import { inferShapes } from './shapes.ts';
import { type FloatTensor, floatTensor } from './tensor.ts';

/** A network with one more input for every value that a consumer reads: its channels are multiplied by it. */
export interface MaskedNetwork {
  readonly network: Network;
  readonly masks: readonly Mask[];
}

export interface Mask {
  /** Name of the mask input. */
  readonly input: string;
  /** Shape of the mask: the channels on their axis, 1 elsewhere. */
  readonly shape: readonly number[];
  /** The unit of each channel, FIXED (-1) where none. */
  readonly units: Int32Array;
}

/**
 * Masks act at consumer inputs, behind BatchNorm and activation, never on filters: a zeroed filter still
 * leaves BatchNorm's shift or sigmoid(0) behind. Consumers of one value share its mask, as
 * far as its channels lie on the same axis for them.
 */
export function maskConsumers(network: Network, map: ChannelMap): MaskedNetwork {
  const shapes = inferShapes(network, 1);
  const masks = new Map<string, Mask>();
  const nodes: Node[] = [];
  for (const node of network.nodes) {
    const consumed = map.consumers.filter((consumer) => consumer.node === node.name);
    let inputs = node.inputs;
    for (const { value, axis, labels } of consumed) {
      const suffix = axis === 1 ? '' : `-${axis}`;
      const masked = `${value}/masked${suffix}`;
      if (!masks.has(masked)) {
        const shape = (shapes.get(value) ?? []).map((extent, i) => (i === axis ? extent : 1));
        const mask = { input: `${value}/mask${suffix}`, shape, units: labels };
        masks.set(masked, mask);
        nodes.push({
          name: masked,
          op: 'Mul',
          inputs: [value, mask.input],
          outputs: [masked],
          attributes: {},
        });
      }
      inputs = inputs.map((input) => (input === value ? masked : input));
    }
    nodes.push(inputs === node.inputs ? node : { ...node, inputs });
  }
  const extra = [...masks.values()].map((mask): NetworkInput => ({ name: mask.input, shape: mask.shape }));
  return {
    network: { ...network, nodes, inputs: [...network.inputs, ...extra] },
    masks: [...masks.values()],
  };
}

/** The value of one mask: 0 where the channel's unit is removed, 1 elsewhere. */
export function maskValue(mask: Mask, removed: Uint8Array): FloatTensor {
  return floatTensor(
    mask.shape,
    Float32Array.from(mask.units, (unit) => (unit !== FIXED && removed[unit] ? 0 : 1)),
  );
}
