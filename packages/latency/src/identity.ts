import { canonicalHash, type Engine } from '@espalier/engines';
import { InputError } from '@espalier/errors';
import { type Network, networkHash } from '@espalier/network';
import { machineHere } from './conditions.ts';
import { timedLayers } from './layers.ts';
import type { DeviceProfile } from './profile.ts';

/** Which profile it was, and on what it was measured: part of whatever uses it. */
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

/** Where a profile is to be used: a machine and an engine, and as far as it matters threads and images per run. */
export interface Use
  extends Pick<ProfileIdentity, 'cpu' | 'cores' | 'platform' | 'engine' | 'engineVersion'> {
  readonly threads?: number | undefined;
  readonly batch?: number | undefined;
}

/** On what a profile was made. */
export type Made = Use & Pick<ProfileIdentity, 'threads' | 'batch'>;

/** How a place of use differs from that where the profile was made. */
export interface Elsewhere {
  /** What is measured there says nothing of the profile's times, with whatever threads and images. */
  readonly isOther: boolean;
  /** In words, ready for a sentence; empty where nothing differs. */
  readonly differences: readonly string[];
}

/** What makes a profile void for a use. */
export function differencesFrom(made: Made, use: Use): Elsewhere {
  const machine = ({ cpu, cores, platform }: Use) => `${cpu}, ${cores} cores, ${platform}`;
  const engine = (one: Use) => `${one.engine} ${one.engineVersion}`;
  const other = [
    machine(made) === machine(use) ? [] : [`on another machine (${machine(made)})`],
    engine(made) === engine(use) ? [] : [`with ${engine(made)}, not ${engine(use)}`],
  ].flat();
  const counted = (own: number, wanted: number | undefined, words: string) =>
    wanted === undefined || own === wanted
      ? []
      : [`with ${own} ${words}${own === 1 ? '' : 's'}, not ${wanted}`];
  return {
    isOther: other.length > 0,
    differences: [
      ...other,
      ...counted(made.threads, use.threads, 'thread'),
      ...counted(made.batch, use.batch, 'image'),
    ],
  };
}

/** The same for this machine and an engine. */
export function elsewhere(
  profile: Made,
  engine: Pick<Engine, 'name' | 'version' | 'threads'>,
  batch?: number,
): Elsewhere {
  return differencesFrom(profile, {
    ...{ ...machineHere(), engine: engine.name, engineVersion: engine.version, threads: engine.threads },
    ...(batch === undefined ? {} : { batch }),
  });
}
