import { type Recipe, recipeHash, removeCheckpoint } from '@espalier/engines';
import type { GivenFile } from '@espalier/formats';
import { asStored, type Network, withoutDenormals } from '@espalier/network';
import {
  type Bench,
  fitTeacher,
  notWorth,
  onBench,
  type Provenance,
  provenance,
  provenanceInFile,
  type Standing,
  standing,
  type TrainingSummary,
  trainOn,
  writeLike,
} from '@espalier/pipeline';
import { dataOf, terminalObserver, workplaceOf } from '../computing.ts';
import type { ComputeOptions, DataOptions } from '../options.ts';
import { Stopwatch } from '../stopwatch.ts';
import type { Context } from '../terminal.ts';
import { withBatchNormRestored } from './training.ts';

export interface FinetuneOptions extends ComputeOptions, DataOptions {
  readonly out: string;
  readonly checkpointEvery: number;
  readonly unfoldBn?: boolean | undefined;
}

/** What `espalier finetune --json` and `espalier train --json` print. */
export interface TrainingReport extends TrainingSummary {
  /** The network as given, on the whole test split; null for one from random weights. */
  readonly before: Standing | null;
  /** As written. */
  readonly after: Standing;
  /** Hash and name of the network that was learned from. */
  readonly teacher: Provenance['network'] | null;
  readonly seconds: Readonly<Record<string, number>>;
  readonly out: string;
  readonly provenance: Provenance;
}

export interface Job {
  readonly network: Network;
  /** That the network was made of; null: none. */
  readonly file: GivenFile | null;
  readonly recipe: Recipe;
  readonly teacher?: Network | undefined;
  /** Whether the network is worth testing before. */
  readonly trained: boolean;
  readonly label: string;
}

/** From a network to a trained network file. */
export async function trainNetwork(
  job: Job,
  options: FinetuneOptions,
  context: Context,
): Promise<TrainingReport> {
  const clock = new Stopwatch();
  const [place, observer] = [workplaceOf(options, context), terminalObserver(context)];
  const { recipe, label: what } = job;
  const { seed, out } = options;
  return onBench(job.network, dataOf(options), place, observer, async (bench) => {
    const { engine, dataset, network } = bench;
    const teacher = job.teacher && fitTeacher(job.teacher, bench, observer);
    const tested = (of: Network, name: string) =>
      clock.time('evaluate', () => standing(bench, of, name, place, observer));
    const before = job.trained ? await tested(network, 'the base') : null;
    const work = (on: Bench) => {
      observer.stage?.('finetuning');
      return trainOn(on, { what, recipe, round: null, seed, teacher }, place, observer);
    };
    const trained = await clock.time('train', () =>
      options.unfoldBn ? withBatchNormRestored(bench, seed, work) : work(bench),
    );
    // What was put back is folded again, which weights of less than single precision do not take as it is.
    const training = { ...trained, network: asStored(trained.network) };
    const after = await tested(training.network, 'the result');
    const given = { what: 'the original network', where: 'the file that was given' };
    const line = before && notWorth({ before, after }, given);
    if (line) context.terminal.warn(line);
    const written = withoutDenormals(training.network);
    const by = provenance({ network, dataset, engine, seed });
    const finetuned = { epochs: training.epochs.length, recipe: recipeHash(recipe) };
    const how = provenanceInFile(by, { finetuned });
    await clock.time('write', () => writeLike(job.file, out, written, observer, how));
    if (training.checkpoint !== undefined) await removeCheckpoint(training.checkpoint);
    return {
      before,
      after,
      epochs: training.epochs,
      steps: training.steps,
      recipe,
      recipeHash: recipeHash(recipe),
      teacher: teacher ? provenance({ network: teacher, seed }).network : null,
      seconds: clock.seconds(),
      out,
      provenance: by,
    };
  });
}
