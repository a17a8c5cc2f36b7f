import { readFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { type Dataset, DECODING_VERSION } from '@espalier/datasets';
import { ENGINE_CHOICES, type Engine, openEngine } from '@espalier/engines';
import { InputError } from '@espalier/errors';
import { type DeviceProfile, identityOf, type ProfileIdentity, processorName } from '@espalier/latency';
import { type Network, networkHash } from '@espalier/network';
import type { SweepTuning } from '@espalier/pruning';

/** Where and how a plan is computed: nothing of it changes what comes out, but for the engine. */
export interface Workplace {
  /** Folder of decoded images. */
  readonly home: string;
  /** Folder of sampled units, evidence and checkpoints. Default: `home`. */
  readonly derived?: string | undefined;
  /** One of `ENGINE_CHOICES`. */
  readonly engine: string;
  /** Default: all cores. */
  readonly threads?: number | undefined;
  readonly tuning?: SweepTuning;
  /** Samples by one full masked pass a cell, for checking. */
  readonly naive?: boolean | undefined;
  /** Measures everything again, whatever is stored. */
  readonly fresh?: boolean | undefined;
  /** Training steps from one checkpoint to the next. */
  readonly checkpointEvery: number;
  readonly signal?: AbortSignal | undefined;
}

/** @throws {InputError} for an engine that there is not */
export function openEngineOf({ engine, threads }: Pick<Workplace, 'engine' | 'threads'>): Promise<Engine> {
  const name = ENGINE_CHOICES.find((choice) => choice === engine);
  if (name) return openEngine(name, { threads });
  throw new InputError(`there is no engine "${engine}"; known are ${ENGINE_CHOICES.join(', ')}`, 'engine');
}

/** Of the product; part of every stored result. */
export const VERSION: string = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
).version;

/** By what, of what and on what a result was made. */
export interface Provenance {
  readonly version: string;
  readonly network: { readonly name: string; readonly hash: string };
  /** With the version of the rules by which images are decoded: others are other pixels. */
  readonly dataset: { readonly name: string; readonly hash: string; readonly decoding: number } | null;
  readonly engine: { readonly name: string; readonly description: string; readonly threads: number } | null;
  readonly hardware: { readonly cpu: string; readonly cores: number; readonly memoryBytes: number };
  readonly node: string;
  readonly seed: number;
  /** By which device profile; left out if there was none. */
  readonly profile?: ProfileIdentity;
}

export function provenance(made: {
  readonly network: Network;
  readonly dataset?: Dataset | undefined;
  readonly engine?: Engine | undefined;
  readonly seed: number;
  readonly profile?: DeviceProfile | undefined;
}): Provenance {
  const { network, dataset, engine, seed, profile } = made;
  return {
    version: VERSION,
    network: { name: network.name, hash: networkHash(network) },
    dataset: dataset ? { name: dataset.name, hash: dataset.hash, decoding: DECODING_VERSION } : null,
    engine: engine ? { name: engine.name, description: engine.description, threads: engine.threads } : null,
    hardware: {
      cpu: processorName(),
      cores: availableParallelism(),
      memoryBytes: totalmem(),
    },
    node: process.version,
    seed,
    ...(profile ? { profile: identityOf(profile) } : {}),
  };
}
