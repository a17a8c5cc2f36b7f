import { InputError } from '@espalier/errors';
import type { Network } from '@espalier/network';
import { timeOf } from './fit-kind.ts';
import { timedLayers } from './layers.ts';
import type { DeviceProfile } from './profile.ts';

/**
 * Milliseconds of a run of a network on the profile's device, with the profile's images a run.
 *
 * @throws {InputError} where the network has a layer of a kind that was not measured
 */
export function predictMs(
  profile: Pick<DeviceProfile, 'overheadMs' | 'kinds' | 'network'>,
  network: Network,
): number {
  const kinds = new Map(profile.kinds.map((kind) => [kind.kind, kind]));
  return timedLayers(network).layers.reduce((sum, layer) => {
    const kind = kinds.get(layer.kind);
    if (!kind) {
      throw new InputError(
        `the profile of "${profile.network.name}" does not know the layer "${layer.name}" of "${network.name}" (${layer.kind}): profile this network`,
        'profile',
      );
    }
    return sum + timeOf(kind, layer);
  }, profile.overheadMs);
}
