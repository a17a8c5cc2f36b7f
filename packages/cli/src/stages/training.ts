import { readFile } from 'node:fs/promises';
import path from 'node:path';
import {
  type EpochReport,
  parseRecipe,
  type Recipe,
  removeCheckpoint,
  restoreBatchNorm,
  type Training,
  train,
  trainingImages,
} from '@espalier/engines';
import { InputError } from '@espalier/errors';
import { foldBatchNorm, type Network } from '@espalier/network';
import type { RecipeFlags } from '../options.ts';
import { onStderr } from '../render/colour.ts';
import { count, duration, loss, percent } from '../render/units.ts';
import type { Context } from '../terminal.ts';
import type { Bench } from './bench.ts';
import { espalierHome } from './home.ts';

/** From scratch: a higher rate and longer than what brings a trained network back. */
export const SCRATCH = {
  epochs: 30,
  learningRate: 0.1,
  warmup: 0,
  schedule: { kind: 'one-cycle' },
  labelSmoothing: 0.05,
} as const;

/** Flags over the recipe's file over `defaults` over the recipe's own defaults. */
export async function readRecipe(flags: RecipeFlags, defaults: object = {}): Promise<Recipe> {
  const { recipe: file, epochs, steps, batch, lr } = flags;
  const own = file === undefined ? {} : await readJson(file);
  const given = { epochs, steps, batch, learningRate: lr };
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return parseRecipe({ ...defaults, ...own, ...set }, file === undefined ? 'recipe' : `recipe ${file}`);
}

async function readJson(file: string): Promise<object> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new InputError(`recipe ${file} cannot be read (${error.code})`);
  });
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch (error) {
    throw new InputError(`recipe ${file} is not JSON: ${(error as Error).message}`);
  }
  throw new InputError(`recipe ${file} must hold one JSON object`);
}

export interface TrainingSetup {
  readonly recipe: Recipe;
  readonly seed: number;
  readonly teacher?: Network | undefined;
  /** Steps from checkpoint to checkpoint. */
  readonly checkpointEvery: number;
}

const TRAINING_STOP_NOTE =
  'stopped; the same command goes on from the last checkpoint, at most --checkpoint-every steps back';

/** Trains with a progress line and a line an epoch; takes up what an earlier run left. */
export async function runTraining(
  { engine, network, dataset }: Bench,
  { recipe, seed, teacher, checkpointEvery }: TrainingSetup,
  label: string,
  { terminal, signal }: Context,
): Promise<Training> {
  terminal.stopNote = TRAINING_STOP_NOTE;
  const start = () => terminal.progress(label, 'images');
  let progress = start();
  try {
    return await train(engine, {
      network,
      dataset,
      recipe,
      seed,
      teacher,
      signal,
      checkpoint: { folder: path.join(espalierHome(), 'training'), every: checkpointEvery },
      onResume: (step, steps) =>
        terminal.say(`${label}: goes on from a checkpoint, step ${count(step)} of ${count(steps)}`),
      onProgress: ({ done, total }) => progress.update(done, total),
      onEpoch: (epoch) => {
        terminal.say(epochLine(label, epoch, recipe));
        progress = start();
      },
    });
  } finally {
    terminal.endProgress();
  }
}

/** The result is written: a new training starts from the beginning. */
export async function forgetCheckpoint({ checkpoint }: Training): Promise<void> {
  if (checkpoint !== undefined) await removeCheckpoint(checkpoint);
}

function epochLine(label: string, report: EpochReport, recipe: Recipe): string {
  const of = recipe.steps === undefined ? ` of ${recipe.epochs}` : '';
  const score = report.top1 === null ? '' : `, ${percent(report.top1)} on the search split`;
  return `${label}: epoch ${report.epoch}${of}, loss ${loss(report.loss)}${score}, ${onStderr.dim(
    `${duration(report.seconds)}, ${count(report.imagesPerSecond)} images/s`,
  )}`;
}

/** Training images that BatchNorm's statistics are measured on when it is put back. */
const UNFOLDING_IMAGES = 2000;

/** Puts BatchNorm back for the time of the training, and folds it again afterwards. */
export async function withBatchNormRestored<T extends { readonly network: Network }>(
  bench: Bench,
  seed: number,
  work: (bench: Bench) => Promise<T>,
): Promise<T> {
  const images = trainingImages(bench.network, bench.dataset, { images: UNFOLDING_IMAGES, seed });
  const network = await restoreBatchNorm(bench.network, bench.engine, images);
  const before = new Set(bench.network.nodes.map(({ name }) => name));
  const added = network.nodes.filter(({ name }) => !before.has(name)).map(({ name }) => name);
  const result = await work({ ...bench, network });
  return { ...result, network: foldBatchNorm(result.network, new Set(added)) };
}
