import { canonicalHash, type Engine } from '@espalier/engines';
import { InputError } from '@espalier/errors';
import { type Network, networkHash } from '@espalier/network';
import { conditionsOf } from './conditions.ts';
import { timedLayers } from './layers.ts';
import type { DeviceProfile } from './profile.ts';

/** Which profile it was, and on what it was measured: part of whatever goes by it. */
export interface ProfileIdentity
  extends Pick<DeviceProfile, 'device' | 'cpu' | 'cores' | 'platform' | 'threads' | 'batch' | 'measuredAt'> {
  /** Of all that the file says. */
  readonly hash: string;
  readonly engine: string;
  readonly engineVersion: string;
}

export function identityOf(profile: DeviceProfile): ProfileIdentity {
  const { device, cpu, cores, platform, threads, batch, measuredAt, engine } = profile;
  return {
    hash: canonicalHash(profile),
    ...{ device, cpu, cores, platform, engine: engine.name, engineVersion: engine.version },
    ...{ threads, batch, measuredAt },
  };
}

/** @throws {InputError} where the profile is of another network: one with other layers, whatever its weights are */
export function checkProfile(profile: DeviceProfile, network: Network): void {
  const { name, hash, layers } = profile.network;
  const isSame = layers === undefined ? hash === networkHash(network) : layers === layersHash(network);
  if (isSame) return;
  throw new InputError(
    `the profile is of another network ("${name}"), not of "${network.name}": make one of this network (espalier profile MODEL --out device.json)`,
    'profile',
  );
}

/** The same for networks whose layers take the same time: weights do not matter to it. */
export function layersHash(network: Network): string {
  return canonicalHash(
    timedLayers(network).layers.map(({ kind, inputs, outputs }) => [kind, inputs, outputs] as const),
  );
}

/** How this machine and an engine differ from those that the profile was measured with. */
export interface Elsewhere {
  /** What is measured here says nothing of the profile's times, with whatever threads. */
  readonly isOther: boolean;
  /** In words, ready for a sentence; empty where nothing differs. */
  readonly differences: readonly string[];
}

export function elsewhere(
  profile: ProfileIdentity,
  engine: Pick<Engine, 'name' | 'version' | 'threads' | 'description'>,
): Elsewhere {
  const here = conditionsOf(engine, profile.batch, undefined);
  const machine = ({ cpu, cores, platform }: Pick<ProfileIdentity, 'cpu' | 'cores' | 'platform'>) =>
    `${cpu}, ${cores} cores, ${platform}`;
  const other = [
    machine(profile) === machine(here) ? null : `on another machine (${machine(profile)})`,
    profile.engine === engine.name && profile.engineVersion === engine.version
      ? null
      : `with ${profile.engine} ${profile.engineVersion}, not ${engine.name} ${engine.version}`,
  ].filter((one) => one !== null);
  const threads = (n: number) => `${n} thread${n === 1 ? '' : 's'}`;
  const threaded =
    profile.threads === engine.threads ? [] : [`with ${threads(profile.threads)}, not ${engine.threads}`];
  return { isOther: other.length > 0, differences: [...other, ...threaded] };
}
