import { type ChannelMap, type Network, prunableGroups } from '@espalier/network';
import { timeOf } from './fit-kind.ts';
import { type ChannelsOf, timedLayers } from './layers.ts';
import { kindOf } from './predict.ts';
import type { DeviceProfile } from './profile.ts';

/** Milliseconds of a network's structures, without cutting any. */
export interface LatencyModel {
  /**
   * @param kept units that each prunable group keeps, in topological order
   * @returns milliseconds of a run, as `predictMs` tells them of the network that is cut so
   */
  latency(kept: ArrayLike<number>): number;
}

/** Channels as a sum: those that nothing removes, and so many for each unit of each prunable group. */
interface ChannelCount {
  readonly fixed: number;
  readonly terms: readonly { readonly group: number; readonly perUnit: number }[];
}

/** @throws {InputError} where the network has a layer of a kind that was not measured */
export function latencyModel(
  profile: Pick<DeviceProfile, 'overheadMs' | 'kinds' | 'network'>,
  network: Network,
  map: ChannelMap,
): LatencyModel {
  const groupOfUnit = new Int32Array(map.unitCount).fill(-1);
  prunableGroups(map).forEach(({ firstUnit, width }, g) => {
    groupOfUnit.fill(g, firstUnit, firstUnit + width);
  });
  const widths = prunableGroups(map).map(({ width }) => width);
  const layers = timedLayers(network).layers.map((layer) => ({
    kind: kindOf(profile, network, layer),
    inputs: layer.reads ? countOf(layer.reads, layer.inputs) : { fixed: layer.inputs, terms: [] },
    outputs: countOf(layer.writes, layer.outputs),
  }));
  return {
    latency(kept) {
      let sum = profile.overheadMs;
      for (const { kind, inputs, outputs } of layers) {
        sum += timeOf(kind, { inputs: channels(inputs, kept), outputs: channels(outputs, kept) });
      }
      return sum;
    },
  };

  function countOf({ value, axis, share }: ChannelsOf, whole: number): ChannelCount {
    const labels = map.axes.get(value)?.[axis];
    if (!labels) return { fixed: whole, terms: [] };
    const counts = new Map<number, number>();
    for (const unit of labels) {
      const group = unit < 0 ? -1 : (groupOfUnit[unit] ?? -1);
      counts.set(group, (counts.get(group) ?? 0) + share);
    }
    const fixed = counts.get(-1) ?? 0;
    counts.delete(-1);
    const terms = [...counts].map(([group, count]) => ({ group, perUnit: count / (widths[group] ?? 1) }));
    return { fixed, terms };
  }
}

function channels({ fixed, terms }: ChannelCount, kept: ArrayLike<number>): number {
  return terms.reduce((sum, { group, perUnit }) => sum + perUnit * (kept[group] ?? 0), fixed);
}
