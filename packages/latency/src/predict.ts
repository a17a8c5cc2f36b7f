import { InputError } from '@espalier/errors';
import type { Network } from '@espalier/network';
import { timeOf } from './fit-kind.ts';
import { fullKind, type TimedLayer, timedLayers } from './layers.ts';
import type { DeviceProfile, KindTime } from './profile.ts';

/**
 * Milliseconds of a run of a network on the profile's device, with the profile's images per run.
 *
 * @throws {InputError} where the network has a layer of a kind that was not measured
 */
export function predictMs(
  profile: Pick<DeviceProfile, 'overheadMs' | 'kinds' | 'network'>,
  network: Network,
): number {
  return timedLayers(network).layers.reduce(
    (sum, layer) => sum + timeOf(kindOf(profile, network, layer), layer),
    profile.overheadMs,
  );
}

/** @throws {InputError} where it was not measured */
export function kindOf(
  profile: Pick<DeviceProfile, 'kinds' | 'network'>,
  network: Network,
  layer: TimedLayer,
): KindTime {
  const named = (name: string) => profile.kinds.find(({ kind }) => kind === name);
  // The first profiles did not tell layers apart by what joins them.
  const kind = named(fullKind(layer)) ?? named(layer.kind);
  if (kind) return kind;
  throw new InputError(
    `the profile of "${profile.network.name}" does not know the layer "${layer.name}" of "${network.name}" (${layer.kind}): profile this network`,
    'profile',
  );
}
