import type { Dataset, DatasetFacts } from '@espalier/datasets';
import {
  canonicalHash,
  checkTrainable,
  type Engine,
  imageIdentity,
  type TrainingImagesOptions,
  tellsAccuracy,
  trainingSample,
} from '@espalier/engines';
import { InputError } from '@espalier/errors';
import { type ChannelMap, type Network, networkHash, prunableGroups } from '@espalier/network';
import type { Criterion } from '../criteria/criterion.ts';
import type { Evidence, EvidenceRule } from './evidence.ts';
import { EVIDENCE_VERSION, EvidenceStore } from './store.ts';

/** Where evidence comes from. */
export interface EvidenceSource extends Pick<TrainingImagesOptions, 'onProgress' | 'signal'> {
  readonly dataset: Dataset;
  readonly engine: Engine;
  /** Folder of what was gathered before. */
  readonly home: string;
}

interface Subject {
  readonly network: Network;
  readonly map: ChannelMap;
  readonly seed: number;
}

/** Of all that decides what is gathered. */
export function evidenceKey(
  { kind, images }: Pick<EvidenceRule, 'kind' | 'images'>,
  { network, map, seed }: Subject,
  { dataset, engine }: { readonly dataset: Dataset; readonly engine: Pick<Engine, 'name'> },
): string {
  return canonicalHash({
    ...{ version: EVIDENCE_VERSION, kind, images, seed, engine: engine.name },
    network: networkHash(network),
    seen: imageIdentity(network, dataset),
    // How many can be pruned depends on whether inexact pruning is allowed; what is stored uses their filters' names.
    groups: prunableGroups(map).map(({ producers }) => producers),
  });
}

/** @throws {InputError} for a criterion that uses labels where the network cannot be told right or wrong */
export function checkEvidence(
  { name, evidence: rule }: Pick<Criterion, 'name' | 'evidence'>,
  network: Network,
  dataset: DatasetFacts,
): void {
  if (rule?.kind !== 'gradients') return;
  checkTrainable(network, 'criterion');
  if (tellsAccuracy(network, dataset)) return;
  throw new InputError(
    `criterion ${name} needs labels, and ${dataset.classes.length === 0 ? `the images of ${dataset.name} have none` : `network "${network.name}" has no output for the classes of ${dataset.name}`}: give another one, such as reconstruction or l1`,
    'criterion',
  );
}

/**
 * What a criterion has to know beside the weights; undefined where that is nothing. What was gathered before is taken
 * from the store, and of two processes that gather at once both take what the first one stored: whoever shares a home
 * ranks alike, to the bit.
 *
 * @throws {InputError} where the training split is empty, or the network computes what is not finite
 */
export async function gatherEvidence(
  { name, evidence: rule }: Pick<Criterion, 'name' | 'evidence'>,
  { network, map, seed }: Subject,
  { dataset, engine, home, onProgress, signal }: EvidenceSource,
): Promise<Evidence | undefined> {
  if (!rule) return undefined;
  checkEvidence({ name, evidence: rule }, network, dataset);
  const key = evidenceKey(rule, { network, map, seed }, { dataset, engine });
  const store = new EvidenceStore(home);
  const known = await store.get(key);
  if (known) return known;
  const sample = trainingSample(network, dataset, { images: rule.images, seed, onProgress, signal });
  const evidence = await rule.gather({ network, map, engine, sample, signal });
  for (const [node, values] of evidence) {
    if (values.every(Number.isFinite)) continue;
    throw new InputError(
      `network "${network.name}" computes values that are not finite at "${node}" on training images of ${dataset.name}`,
    );
  }
  return store.put(key, evidence);
}
