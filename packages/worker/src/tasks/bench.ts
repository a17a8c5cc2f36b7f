import { type Dataset, openDataset } from '@espalier/datasets';
import { checkFits, ENGINE_CHOICES, type Engine, imageReader, openEngine } from '@espalier/engines';
import { InputError } from '@espalier/errors';
import { readNetwork } from '@espalier/formats';
import type { Network } from '@espalier/network';
import { type Analysis, type AnalysisOptions, analyse as analyseNetwork } from '@espalier/pruning';
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
  { network, dataset, engine }: Bench,
  options: AnalysisOptions,
  { home }: Pick<Subject, 'home'>,
  signal: AbortSignal,
): Promise<Analysis> {
  return analyseNetwork(network, options, { dataset, engine, home, signal });
}
