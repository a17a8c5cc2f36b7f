import { type ChannelMap, type Network, prunableGroups } from '@espalier/network';
import { latencyModel } from './latency-model.ts';
import type { DeviceProfile } from './profile.ts';

/** Narrow enough for every step of a group of 64. */
const STEPS = 64;

/** A network with the same share of every prunable group. */
export interface Stair {
  /** Of the units of each group; at least one stays. */
  readonly share: number;
  /** Of a run. */
  readonly milliseconds: number;
}

/**
 * How the time of a network follows its width: what a person wants to see of a profile.
 *
 * @throws {InputError} where the network has a layer of a kind that was not measured
 */
export function stairsOf(
  profile: Pick<DeviceProfile, 'overheadMs' | 'kinds' | 'network'>,
  network: Network,
  map: ChannelMap,
): Stair[] {
  const model = latencyModel(profile, network, map);
  const widths = prunableGroups(map).map(({ width }) => width);
  return Array.from({ length: STEPS }, (_, step) => {
    const share = (step + 1) / STEPS;
    return {
      share,
      milliseconds: model.latency(widths.map((width) => Math.max(1, Math.round(width * share)))),
    };
  });
}
