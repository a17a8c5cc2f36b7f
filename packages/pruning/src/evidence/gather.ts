import type { Dataset } from '@espalier/datasets';
import { type Engine, imageReader } from '@espalier/engines';
import { InputError } from '@espalier/errors';
import { type ChannelMap, type Network, networkHash, prunableGroups } from '@espalier/network';
import type { Criterion } from '../criteria/criterion.ts';
import { unitKey } from '../sampling/unit-store.ts';
import type { Evidence } from './evidence.ts';
import { EvidenceStore } from './store.ts';
import { type SampleOptions, trainingSample } from './training-sample.ts';

/** Where evidence comes from. */
export interface EvidenceSource extends Pick<SampleOptions, 'onProgress' | 'signal'> {
  readonly dataset: Dataset;
  readonly engine: Engine;
  /** Folder of what was gathered before. */
  readonly home: string;
}

/**
 * What a criterion has to know beside the weights; undefined where that is nothing. What was gathered before is taken
 * from the store, and of two processes that gather at once both take what the first one stored: whoever shares a home
 * ranks alike, to the bit.
 *
 * @throws {InputError} where the training split is empty, or the network computes what is not finite
 */
export async function gatherEvidence(
  { evidence: rule }: Pick<Criterion, 'evidence'>,
  { network, map, seed }: { readonly network: Network; readonly map: ChannelMap; readonly seed: number },
  { dataset, engine, home, onProgress, signal }: EvidenceSource,
): Promise<Evidence | undefined> {
  if (!rule) return undefined;
  const { input, output } = imageReader(network, dataset).metadata;
  const key = unitKey({
    network: networkHash(network),
    // How many can be pruned depends on whether inexact pruning is allowed.
    groups: prunableGroups(map).map(({ id }) => id),
    preprocessing: input,
    output,
    dataset: dataset.hash,
    kind: rule.kind,
    images: rule.images,
    seed,
    engine: engine.name,
  });
  const store = new EvidenceStore(home);
  const known = await store.get(key);
  if (known) return known;
  const sample = trainingSample(network, dataset, { images: rule.images, seed, onProgress, signal });
  const evidence = await rule.gather({ network, map, engine, sample });
  for (const [node, values] of evidence) {
    if (values.every(Number.isFinite)) continue;
    throw new InputError(
      `network "${network.name}" computes values that are not finite at "${node}" on training images of ${dataset.name}`,
    );
  }
  return store.put(key, evidence);
}
