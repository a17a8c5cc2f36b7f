import { type EpochReport, type Recipe, recipeHash } from '@espalier/engines';
import { writeNetwork } from '@espalier/formats';
import type { Network } from '@espalier/network';
import type { ComputeOptions } from '../options.ts';
import { type Provenance, provenance } from '../provenance.ts';
import { Stopwatch } from '../stopwatch.ts';
import type { Context } from '../terminal.ts';
import { type Bench, onBench } from './bench.ts';
import { fitToData } from './model.ts';
import { type Standing, standing } from './standing.ts';
import { forgetCheckpoint, runTraining, withBatchNormRestored } from './training.ts';

export interface FinetuneOptions extends ComputeOptions {
  readonly dataset: string;
  readonly out: string;
  readonly checkpointEvery: number;
  readonly unfoldBn?: boolean | undefined;
}

/** What `espalier finetune --json` and `espalier train --json` print. */
export interface TrainingReport {
  /** The network as given, on the whole test split; null for one from random weights. */
  readonly before: Standing | null;
  /** As written. */
  readonly after: Standing;
  /** `top1` on the search split. */
  readonly epochs: readonly EpochReport[];
  readonly steps: number;
  readonly recipe: Recipe;
  readonly recipeHash: string;
  /** Hash and name of the network that was learned from. */
  readonly teacher: Provenance['network'] | null;
  readonly seconds: Readonly<Record<string, number>>;
  readonly out: string;
  readonly provenance: Provenance;
}

export interface Job {
  readonly network: Network;
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
  return onBench(job.network, options, context, async (bench) => {
    const { engine, dataset, network } = bench;
    const teacher = job.teacher && fitToData(job.teacher, dataset, context);
    const before = job.trained
      ? await clock.time('evaluate', () => standing(bench, network, 'evaluating the base', context))
      : null;
    const { recipe } = job;
    const { seed, checkpointEvery } = options;
    const setup = { recipe, seed, teacher, checkpointEvery };
    const work = (on: Bench) => runTraining(on, setup, job.label, context);
    const training = await clock.time('train', () =>
      options.unfoldBn ? withBatchNormRestored(bench, options.seed, work) : work(bench),
    );
    const after = await clock.time('evaluate', () =>
      standing(bench, training.network, 'evaluating the result', context),
    );
    await clock.time('write', () => writeNetwork(options.out, training.network));
    await forgetCheckpoint(training);
    return {
      before,
      after,
      epochs: training.epochs,
      steps: training.steps,
      recipe: job.recipe,
      recipeHash: recipeHash(job.recipe),
      teacher: teacher ? provenance({ network: teacher, seed: options.seed }).network : null,
      seconds: clock.seconds(),
      out: options.out,
      provenance: provenance({ network, dataset, engine, seed: options.seed }),
    };
  });
}
