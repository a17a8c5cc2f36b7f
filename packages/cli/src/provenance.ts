import { availableParallelism, cpus, totalmem } from 'node:os';
import type { Dataset } from '@espalier/datasets';
import type { Engine } from '@espalier/engines';
import { type Network, networkHash } from '@espalier/network';
import { VERSION } from './version.ts';

/** By what, of what and on what a result was made. */
export interface Provenance {
  readonly version: string;
  readonly network: { readonly name: string; readonly hash: string };
  readonly dataset: { readonly name: string; readonly hash: string } | null;
  readonly engine: { readonly name: string; readonly description: string; readonly threads: number } | null;
  readonly hardware: { readonly cpu: string; readonly cores: number; readonly memoryBytes: number };
  readonly node: string;
  readonly seed: number;
}

export function provenance(made: {
  readonly network: Network;
  readonly dataset?: Dataset | undefined;
  readonly engine?: Engine | undefined;
  readonly seed: number;
}): Provenance {
  const { network, dataset, engine, seed } = made;
  return {
    version: VERSION,
    network: { name: network.name, hash: networkHash(network) },
    dataset: dataset ? { name: dataset.name, hash: dataset.hash } : null,
    engine: engine ? { name: engine.name, description: engine.description, threads: engine.threads } : null,
    hardware: {
      cpu: cpus()[0]?.model.trim() ?? 'unknown',
      cores: availableParallelism(),
      memoryBytes: totalmem(),
    },
    node: process.version,
    seed,
  };
}
