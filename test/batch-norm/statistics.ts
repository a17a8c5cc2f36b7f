import type { Engine } from '@espalier/engines';
import {
  type ChannelStatistics,
  type FloatTensor,
  floatTensor,
  type Network,
  type Node,
  outputOf,
  sizeOf,
  type Tensor,
} from '@espalier/network';
import type { Random } from '../../packages/network/test/random.ts';
import { run } from '../surgery/exactness.ts';

/** Mean and variance of what nodes compute for these images: one value a channel, by node name. */
export async function measure(
  engine: Engine,
  network: Network,
  nodes: readonly Node[],
  inputs: Readonly<Record<string, FloatTensor>>,
): Promise<Map<string, ChannelStatistics>> {
  const outputs = [...new Set(nodes.map((node) => outputOf(node)))];
  const values = await run(engine, { ...network, outputs }, inputs);
  return new Map(nodes.map((node) => [node.name, channelStatistics(values[outputOf(node)])]));
}

/** Of [n, c, ...], over everything but the channels. */
function channelStatistics({ dims, data }: FloatTensor = floatTensor([0, 0], [])): ChannelStatistics {
  const channels = dims[1] ?? 0;
  const inner = sizeOf(dims.slice(2));
  const count = data.length / channels;
  const channelOf = (i: number) => Math.floor(i / inner) % channels;
  // Sums first: equal values then have exactly their mean, and no variance.
  const mean = new Float64Array(channels);
  for (const [i, value] of data.entries()) mean[channelOf(i)] = (mean[channelOf(i)] ?? 0) + value;
  for (const [c, sum] of mean.entries()) mean[c] = sum / count;
  const variance = new Float64Array(channels);
  for (const [i, value] of data.entries()) {
    const c = channelOf(i);
    variance[c] = (variance[c] ?? 0) + (value - (mean[c] ?? 0)) ** 2 / count;
  }
  return { mean: Float32Array.from(mean), variance: Float32Array.from(variance) };
}

/** BatchNorm's constants as after some training: those of a network that has just been built change nothing. */
export function withTrainedBatchNorm(network: Network, random: Random): Network {
  const constants = new Map<string, Tensor>(network.constants);
  const ranges = [
    [0.5, 1.5],
    [-0.5, 0.5],
    [-0.5, 0.5],
    [0.5, 1.5],
  ] as const;
  for (const { inputs } of network.nodes.filter(({ op }) => op === 'BatchNormalization')) {
    for (const [i, [low, high]] of ranges.entries()) {
      const name = inputs[i + 1] ?? '';
      const dims = constants.get(name)?.dims ?? [];
      const values = Float32Array.from({ length: sizeOf(dims) }, () => random.between(low, high));
      constants.set(name, floatTensor(dims, values));
    }
  }
  return { ...network, constants };
}

export function countOf(network: Network, op: string): number {
  return network.nodes.filter((node) => node.op === op).length;
}
