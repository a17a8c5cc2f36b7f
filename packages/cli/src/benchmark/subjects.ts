import type { Benchmark, BenchmarkModel } from '@espalier/benchmark';
import { InputError } from '@espalier/errors';
import { networkCost, networkHash } from '@espalier/network';
import { fitToData, type Identity, type Observer, readModel } from '@espalier/pipeline';
import { openData, terminalObserver } from '../computing.ts';
import type { Context } from '../terminal.ts';

/** A model of a benchmark, read and found to fit the data. */
export interface Subject extends BenchmarkModel {
  readonly params: number;
  /** Of one image. */
  readonly macs: number;
  readonly identity: Identity;
}

export interface Subjects {
  readonly models: ReadonlyMap<string, Subject>;
  readonly testImages: number;
  readonly trainImages: number;
}

/**
 * Reads every model and opens the data before anything is computed.
 *
 * @throws {InputError} for a file that is not there or not a network, and images that do not fit
 */
export async function openSubjects(
  { models, dataset: spec }: Benchmark,
  context: Context,
): Promise<Subjects> {
  const observer = terminalObserver(context);
  const dataset = await openData({ dataset: spec }, context, observer);
  try {
    const read = new Map<string, Subject>();
    for (const { name, file } of models) {
      const network = fitToData(await readNamed({ name, file }, observer), dataset, observer);
      const { metadata = null } = network;
      const identity = { networkHash: networkHash(network), metadata, datasetHash: dataset.hash };
      read.set(name, { name, file, ...networkCost(network), identity });
    }
    const { test, train } = dataset.splits;
    return { models: read, testImages: test.n, trainImages: train.n };
  } finally {
    await dataset.close();
  }
}

async function readNamed({ name, file }: BenchmarkModel, observer: Observer) {
  try {
    return await readModel(file, null, observer, name);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(
      `model ${name}: ${error.message}; say where it is by --model ${name}=FILE, or leave it out by --only`,
    );
  }
}
