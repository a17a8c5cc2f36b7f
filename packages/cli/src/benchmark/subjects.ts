import type { Benchmark, BenchmarkModel, RunItem } from '@espalier/benchmark';
import { imageReader, recipeHash } from '@espalier/engines';
import { InputError } from '@espalier/errors';
import { networkCost, networkHash } from '@espalier/network';
import { fitToData, openData, readModel } from '../stages/model.ts';
import type { Context } from '../terminal.ts';

/** A model of a benchmark, read and found to fit the data. */
export interface Subject extends BenchmarkModel {
  readonly params: number;
  /** Of one image. */
  readonly macs: number;
  /** Everything about network and data that decides a result. */
  readonly identity: readonly unknown[];
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
  const dataset = await openData(spec, context);
  try {
    const read = new Map<string, Subject>();
    for (const { name, file } of models) {
      const network = fitToData(await readNamed({ name, file }, context), dataset, context);
      const { input, output } = imageReader(network, dataset).metadata;
      const identity = [networkHash(network), input, output, dataset.hash];
      read.set(name, { name, file, ...networkCost(network), identity });
    }
    const { test, train } = dataset.splits;
    return { models: read, testImages: test.n, trainImages: train.n };
  } finally {
    await dataset.close();
  }
}

async function readNamed({ name, file }: BenchmarkModel, context: Context) {
  try {
    return await readModel(file, {}, context);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(
      `model ${name}: ${error.message}; say where it is by --model ${name}=FILE, or leave it out by --only`,
    );
  }
}

/** Everything that decides the numbers of an item; see {@link Subject.identity}. */
export function itemContent(subject: Subject, item: RunItem, grid: readonly number[]): unknown {
  const { strategy, target, seed, sampling, recipe, recalibrate } = item;
  return [
    'item',
    subject.identity,
    strategy,
    target,
    seed,
    sampling && { ...sampling, grid },
    recipe && recipeHash(recipe),
    recalibrate,
  ];
}

export function baseContent(subject: Subject): unknown {
  return ['base', subject.identity];
}
