import { InputError } from '@espalier/errors';
import {
  type ChannelStatistics,
  type FloatTensor,
  inferShapes,
  type Network,
  type Node,
  namedNode,
  outputOf,
  unfoldable,
  unfoldBatchNorm,
} from '@espalier/network';
import type { Engine } from '../engine.ts';
import { averagedOutputs } from './averages.ts';

/**
 * Puts BatchNorm back after convolutions that it was folded into, with statistics measured on training
 * images: the network computes what it did, but trains like one with BatchNorm.
 *
 * @throws {InputError} where every convolution has its BatchNorm.
 */
export async function restoreBatchNorm(
  network: Network,
  engine: Engine,
  batches: AsyncIterable<FloatTensor>,
): Promise<Network> {
  const convolutions = unfoldable(network);
  if (convolutions.length === 0) {
    throw new InputError(`network "${network.name}" has no convolution without BatchNorm`);
  }
  const exposed = exposeMoments(network, convolutions);
  const averages = await averagedOutputs(
    engine,
    exposed,
    batches,
    exposed.outputs.slice(network.outputs.length),
  );
  const statistics = convolutions.map(({ name }): [string, ChannelStatistics] => {
    const [first, second] = [1, 2].map((power) => averages.get(momentName(name, power)) ?? []);
    const variance = Float32Array.from(second ?? [], (square, c) =>
      Math.max(0, square - (first?.[c] ?? 0) ** 2),
    );
    return [name, { mean: Float32Array.from(first ?? []), variance }];
  });
  return unfoldBatchNorm(network, new Map(statistics));
}

function momentName(node: string, power: number): string {
  return `${node}/moment-${power}`;
}

/** The network with the means of each convolution's outputs and of their squares as further outputs. */
function exposeMoments(network: Network, convolutions: readonly Node[]): Network {
  const shapes = inferShapes(network, 1);
  const average = { axes: [0, 2, 3], keepdims: 1 };
  const extra = convolutions.flatMap((conv): Node[] => {
    const value = outputOf(conv);
    if (shapes.get(value)?.length !== 4) throw new Error(`"${value}" is not an image`);
    const square = `${conv.name}/square`;
    return [
      namedNode('ReduceMean', [value], momentName(conv.name, 1), average),
      namedNode('Mul', [value, value], square),
      namedNode('ReduceMean', [square], momentName(conv.name, 2), average),
    ];
  });
  const outputs = convolutions.flatMap(({ name }) => [momentName(name, 1), momentName(name, 2)]);
  return { ...network, nodes: [...network.nodes, ...extra], outputs: [...network.outputs, ...outputs] };
}
