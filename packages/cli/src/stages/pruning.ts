import type { ValAs } from '@espalier/datasets';
import { findMetric } from '@espalier/engines';
import { type Observer, type PrunePlan, type PruneResult, parsePlan, prunePlan } from '@espalier/pipeline';
import type { AskedTarget, SamplingRun } from '@espalier/pruning';
import { terminalObserver, workplaceOf } from '../computing.ts';
import {
  askedOf,
  type ComputeOptions,
  type LimitOptions,
  type ModelOptions,
  type RecipeFlags,
  type SweepOptions,
} from '../options.ts';
import type { Context } from '../terminal.ts';
import { readSweep } from './json-file.ts';
import { readRecipe } from './training.ts';

export interface PruneOptions extends ModelOptions, SweepOptions, LimitOptions, ComputeOptions {
  /** What to remove; manual ratios say it themselves if there is none. */
  readonly target?: AskedTarget;
  /** A device profile, by which latency is known. */
  readonly profile?: string;
  readonly out: string;
  readonly dataset?: string;
  readonly valAs?: ValAs;
  readonly sweep?: string;
  readonly allocation: string;
  readonly recalibrate?: number;
  /** Training images by which is repaired; left out: the usual number, or what there is. */
  readonly repair?: number;
  /** Samples and cuts so many times. */
  readonly rounds?: number;
  /** Trains between the rounds. */
  readonly recover?: RecipeFlags;
  /** Trains what was cut. */
  readonly finetune?: RecipeFlags;
  /** What recipes that distil learn from: the model itself, unless this says another one. */
  readonly teacher?: string;
  readonly checkpointEvery: number;
  /** Measures latency and throughput. */
  readonly measure?: boolean;
}

/** What `espalier prune --json` prints. */
export type PruneReport = PruneResult & { readonly out: string };

/** From flags to a pruned model file. */
export async function pruneModel(
  model: string,
  options: PruneOptions,
  context: Context,
): Promise<PruneReport> {
  const sweep = options.sweep === undefined ? undefined : await readSweep(options.sweep);
  const plan = await planOf(model, options, sweep);
  const observer: Observer = terminalObserver(context);
  const { out } = options;
  const { result } = await prunePlan(plan, workplaceOf(options, context), observer, { sweep, out });
  return { ...result, out };
}

async function planOf(
  file: string,
  options: PruneOptions,
  sweep: SamplingRun | undefined,
): Promise<PrunePlan> {
  const { dataset, valAs, allocation, criterion, target = null, seed, measure } = options;
  const { align, minWidth, maxRatio, keep, grid, samples = null, skip, adaptive, allowInexact } = options;
  const { metric = null, weight: weights } = options;
  const { rounds = null, recalibrate = null, repair = null, teacher = null } = options;
  return parsePlan({
    model: { ...askedOf(options), file },
    data: dataset === undefined ? null : { spec: dataset, valAs },
    profile: options.profile === undefined ? null : { file: options.profile },
    ...{ allocation, criterion, target, seed, rounds, recalibrate, repair, teacher },
    limits: { align, minWidth, maxRatio, keep: [...keep] },
    // A sweep that is given says how it was sampled.
    sampling: sweep
      ? {
          ...{ grid: sweep.grid, samples: sweep.samples, skip: sweep.skip },
          ...{ seed: sweep.seed, allowInexact: sweep.allowInexact },
          ...{ metric: metric ?? findMetric(sweep.metric.name).name, weights: sweep.weights },
        }
      : { grid: [...grid], samples, skip, seed, adaptive, allowInexact, metric, weights },
    recovery: options.recover ? await readRecipe(options.recover, 'recovery') : null,
    recipe: options.finetune ? await readRecipe(options.finetune) : null,
    timed: measure ?? false,
  });
}
