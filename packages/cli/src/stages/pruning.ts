import { type EpochReport, type Recipe, recipeHash, type Training } from '@espalier/engines';
import { InputError } from '@espalier/errors';
import { writeNetwork } from '@espalier/formats';
import type { Cost, Network } from '@espalier/network';
import {
  type Analysis,
  findAllocation,
  manualTarget,
  type Pruned,
  prune,
  type Round,
  roundsOf,
  type SamplingRun,
  type Target,
  type WidthLimits,
} from '@espalier/pruning';
import { MisuseError } from '../failure.ts';
import type { ComputeOptions, LimitOptions, ModelOptions, RecipeFlags, SweepOptions } from '../options.ts';
import { type Provenance, provenance } from '../provenance.ts';
import { Stopwatch } from '../stopwatch.ts';
import type { Context } from '../terminal.ts';
import { analyse, analyseWeights } from './analysis.ts';
import { type Bench, onBench } from './bench.ts';
import { readModel } from './model.ts';
import { checkRecalibration, recalibrateOnTraining } from './recalibration.ts';
import { type RecoveryReport, type RoundsResult, runRounds } from './rounds.ts';
import { checkSweepFits, readSweep, runSampling } from './sampling.ts';
import { type Standing, standing } from './standing.ts';
import { checkTarget, type Goal } from './target.ts';
import { forgetCheckpoint, readRecipe, runTraining } from './training.ts';

export interface PruneOptions extends ModelOptions, SweepOptions, LimitOptions, ComputeOptions {
  /** What to remove; shares by hand say it themselves where there is none. */
  readonly target?: Target;
  readonly out: string;
  readonly dataset?: string;
  readonly sweep?: string;
  readonly allocation: string;
  readonly recalibrate?: number;
  /** Samples and cuts so many times. */
  readonly rounds?: number;
  /** Trains between the rounds. */
  readonly recover?: RecipeFlags;
  /** Trains what was cut. */
  readonly finetune?: RecipeFlags;
  readonly checkpointEvery: number;
}

/** What `espalier prune --json` prints. */
export interface PruneReport {
  readonly requested: Target;
  /** Saved shares of the base cost. */
  readonly achieved: Cost;
  /** The network as given. */
  readonly before: Standing;
  /** Right after the cut. */
  readonly pruned: Standing;
  /** As written. */
  readonly after: Standing;
  readonly strategy: { readonly allocation: string; readonly criterion: string };
  readonly limits: WidthLimits;
  readonly structure: Pruned['structure'];
  readonly search: { readonly steps: number; readonly trace: Pruned['search']['trace'] };
  readonly cuts: Pruned['cuts'];
  /** How BatchNorm's statistics came about in `after`. */
  readonly batchNorm:
    | 'as-given'
    | 'trained'
    | { readonly recalibrated: { readonly split: 'train'; readonly images: number } };
  /** How it was trained after the cut; null where it was not. */
  readonly finetuning: {
    readonly recipe: Recipe;
    readonly recipeHash: string;
    readonly steps: number;
    readonly epochs: readonly EpochReport[];
  } | null;
  /** Each with what it began with and what it left; null where all was cut at once. */
  readonly rounds: readonly Round[] | null;
  /** The training between the rounds; null where there was none. */
  readonly recovery: RecoveryReport | null;
  /** What the search went by, in rounds the first one; null for an allocation that needs no samples. */
  readonly sampling: SamplingSummary | null;
  readonly seconds: Readonly<Record<string, number>>;
  readonly out: string;
  readonly provenance: Provenance;
}

type SamplingSummary = Pick<SamplingRun, 'dataset' | 'samples' | 'seed' | 'grid' | 'engine' | 'batchNorm'> & {
  readonly baseline: Pick<SamplingRun['baseline'], 'top1' | 'top5' | 'loss' | 'n'>;
  /** Cells taken from stored units; null for a sweep that was given. */
  readonly cached: number | null;
};

/** One command's work, handed from stage to stage. */
interface Job {
  readonly options: PruneOptions;
  readonly context: Context;
  readonly clock: Stopwatch;
  readonly analysis: Analysis;
  readonly goal: Goal;
  readonly given: SamplingRun | undefined;
  /** Null where all is cut at once. */
  readonly rounds: { readonly count: number; readonly recovery: Recipe | undefined } | null;
  /** Of the training after the cut. */
  readonly recipe: Recipe | undefined;
}

/** From a model file to a pruned model file. Everything that can fail without computing fails first. */
export async function pruneModel(
  model: string,
  options: PruneOptions,
  context: Context,
): Promise<PruneReport> {
  const clock = new Stopwatch();
  const given = options.sweep === undefined ? undefined : await readSweep(options.sweep);
  const network = await clock.time('read', () => readModel(model, options, context));
  const { allocation } = options;
  const count = options.rounds ?? roundsOf(findAllocation(allocation));
  const sweep = { given, grid: options.grid, rounds: count };
  // Where the sweep ranked by images, its order is the one that was sampled.
  const ranking = {
    ...options,
    order: findAllocation(allocation).sampling === 'shared' ? given?.order : undefined,
  };
  const byWeights = await analyseWeights(network, ranking);
  const planned = (of: Network, analysis: Analysis) => {
    const goal = goalOf(options, analysis);
    checkTarget(of, analysis, goal, sweep);
    return { analysis, goal };
  };
  const early = byWeights && planned(network, byWeights);
  const recipe = await recipeOf('--finetune', options.finetune);
  const recovery = await recipeOf('--recover', options.recover);
  const rounds = count === undefined ? null : { count, recovery };
  const job = { options, context, clock, given, rounds, recipe };
  const { dataset } = options;
  if (dataset === undefined) {
    checkSweepFits(given, options.seed, null);
    if (!early)
      throw new InputError(`criterion ${options.criterion} goes by training images: give --dataset`);
    return pruneWith({ ...job, ...early }, network, null);
  }
  return onBench(network, { ...options, dataset }, context, async (bench) => {
    checkSweepFits(given, options.seed, bench.dataset);
    const { analysis, goal } =
      early ?? planned(bench.network, await clock.time('rank', () => analyse(bench, ranking, context)));
    if (options.recalibrate) checkRecalibration(bench.network, bench.dataset, options.recalibrate);
    return pruneWith({ ...job, analysis, goal }, bench.network, bench);
  });
}

/** Shares by hand that no target scales are a target themselves: what they save of the MACs. */
function goalOf(options: PruneOptions, analysis: Analysis): Goal {
  const { allocation, seed, align, minWidth, maxRatio, keep } = options;
  const limits = { align, minWidth, maxRatio, keep };
  const { target = manualTarget(allocation, { ...analysis, limits }, 'macs') } = options;
  if (!target) throw new MisuseError(`allocation ${allocation} needs a target: give --target macs=0.5`);
  return { target, allocation: findAllocation(allocation).name, seed, limits };
}

async function recipeOf(option: string, flags: RecipeFlags | undefined): Promise<Recipe | undefined> {
  const recipe = flags && (await readRecipe(flags));
  if (recipe?.distillation) {
    throw new InputError(`${option} cannot distil; prune first, then give espalier finetune --distill`);
  }
  return recipe;
}

async function pruneWith(job: Job, network: Network, bench: Bench | null): Promise<PruneReport> {
  const { options, context, clock, analysis, goal } = job;
  const { pruned, sampling, inRounds } = await cutToTarget(job, network, bench);
  const { recalibrate: images = 0, seed } = options;
  const recalibrated =
    bench && images
      ? await clock.time('recalibrate', () =>
          recalibrateOnTraining({ ...bench, network: pruned.network }, { images, seed }, context),
        )
      : pruned.network;
  const training =
    bench && job.recipe
      ? await clock.time('finetune', () => finetuned(job, { ...bench, network: recalibrated }))
      : undefined;
  const after = training?.network ?? recalibrated;
  const standings = await clock.time('evaluate', () =>
    standingsOf(bench, [network, pruned.network, after], context),
  );
  await clock.time('write', () => writeNetwork(options.out, after));
  for (const each of [...(inRounds?.trainings ?? []), ...(training ? [training] : [])]) {
    await forgetCheckpoint(each);
  }
  return {
    requested: goal.target,
    achieved: pruned.search.achieved,
    ...standings,
    strategy: { allocation: goal.allocation, criterion: analysis.criterion },
    limits: goal.limits,
    structure: pruned.structure,
    search: { steps: pruned.search.trace.length, trace: pruned.search.trace },
    cuts: pruned.cuts,
    batchNorm: batchNormOf({ images, trained: training !== undefined, recovered: !!inRounds?.recovery }),
    finetuning: training && job.recipe ? finetuningSummary(job.recipe, training) : null,
    rounds: inRounds?.rounds ?? null,
    recovery: inRounds?.recovery ?? null,
    sampling,
    seconds: clock.seconds(),
    out: options.out,
    provenance: provenance({ network, dataset: bench?.dataset, engine: bench?.engine, seed }),
  };
}

interface Cut {
  readonly pruned: Pruned;
  readonly sampling: SamplingSummary | null;
  readonly inRounds?: RoundsResult;
}

/** Samples where the allocation needs it and nothing is given, searches and cuts; all of that again in each round. */
async function cutToTarget(job: Job, network: Network, bench: Bench | null): Promise<Cut> {
  const { options, context, clock, analysis, goal, given, rounds } = job;
  if (rounds && bench) {
    const setup = { analysis, goal, rounds: rounds.count, recovery: rounds.recovery };
    const inRounds = await clock.time('rounds', () => runRounds(bench, setup, options, context));
    return { pruned: inRounds, sampling: samplingSummary(inRounds.sampling, inRounds.cached), inRounds };
  }
  const wanted = !given && findAllocation(goal.allocation).sampling === 'shared';
  const measured =
    wanted && bench
      ? await clock.time('sweep', () => runSampling({ ...bench, analysis }, options, context, [goal.target]))
      : undefined;
  const sweep = given ?? measured?.run;
  const pruned = await clock.time('search', () =>
    prune({ network, ...analysis, ...goal, ...(sweep ? { sweep } : {}) }),
  );
  return { pruned, sampling: sweep ? samplingSummary(sweep, measured?.cached ?? null) : null };
}

function batchNormOf(how: {
  readonly images: number;
  readonly trained: boolean;
  readonly recovered: boolean;
}): PruneReport['batchNorm'] {
  if (how.trained) return 'trained';
  if (how.images) return { recalibrated: { split: 'train', images: how.images } };
  return how.recovered ? 'trained' : 'as-given';
}

function finetuned({ options, context, recipe }: Job, bench: Bench): Promise<Training> {
  if (!recipe) throw new Error('there is no recipe');
  const { seed, checkpointEvery } = options;
  return runTraining(bench, { recipe, seed, checkpointEvery }, 'fine-tuning', context);
}

function finetuningSummary(recipe: Recipe, { steps, epochs }: Training): PruneReport['finetuning'] {
  return { recipe, recipeHash: recipeHash(recipe), steps, epochs };
}

async function standingsOf(
  bench: Bench | null,
  [before, pruned, after]: readonly [Network, Network, Network],
  context: Context,
): Promise<Pick<PruneReport, 'before' | 'pruned' | 'after'>> {
  const first = await standing(bench, before, 'evaluating the base', context);
  const second = await standing(bench, pruned, 'evaluating the cut', context);
  // Without recalibration what is written is what was cut.
  const third = after === pruned ? second : await standing(bench, after, 'evaluating the result', context);
  return { before: first, pruned: second, after: third };
}

function samplingSummary(run: SamplingRun, cached: number | null): SamplingSummary {
  const { dataset, samples, seed, grid, engine, batchNorm, baseline } = run;
  const { top1, top5, loss, n } = baseline;
  return { dataset, samples, seed, grid, engine, batchNorm, baseline: { top1, top5, loss, n }, cached };
}
