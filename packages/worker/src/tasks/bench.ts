import { type Dataset, openDataset } from '@espalier/datasets';
import { checkFits, ENGINE_CHOICES, type Engine, imageReader, openEngine } from '@espalier/engines';
import { readNetwork } from '@espalier/formats';
import { channelMap, InputError, type Network, prunableGroups } from '@espalier/network';
import { costModel, findCriterion, rank } from '@espalier/pruning';
import type { Subject } from './task.ts';

export interface Bench {
  readonly network: Network;
  readonly dataset: Dataset;
  readonly engine: Engine;
}

/** Opens a task's network, images and engine for the time of `work`. */
export async function onBench<T>(subject: Subject, work: (bench: Bench) => Promise<T>): Promise<T> {
  const { network } = await readNetwork(subject.model);
  const { home, datasetName } = subject;
  // Teams share what is kept by the data set's hash: no file's word is taken for it.
  const dataset = await openDataset(subject.dataset, { home, name: datasetName, hashOfContent: true });
  try {
    checkFits(network, dataset);
    const name = ENGINE_CHOICES.find((choice) => choice === subject.engine);
    if (!name) throw new InputError(`there is no engine "${subject.engine}"`);
    const engine = await openEngine(name, { threads: subject.threads });
    try {
      const { metadata } = imageReader(network, dataset);
      return await work({ network: { ...network, metadata }, dataset, engine });
    } finally {
      await engine.dispose();
    }
  } finally {
    await dataset.close();
  }
}

/** The channel groups of a network, ranked, with their cost. */
export function analyse(
  network: Network,
  { criterion: name, seed, allowInexact }: { criterion: string; seed: number; allowInexact: boolean },
) {
  const criterion = findCriterion(name);
  const map = channelMap(network, { allowInexact });
  const groups = prunableGroups(map);
  if (groups.length === 0) throw new InputError(`network "${network.name}" has no prunable group`);
  const rankings = groups.map((group) => rank(criterion, group, { network, map, seed }));
  return { map, criterion, rankings, cost: costModel(network, map, rankings) };
}
