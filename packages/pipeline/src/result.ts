import type { EpochReport, Recipe, Speedup, Training } from '@espalier/engines';
import { recipeHash, type THROUGHPUT_BATCH } from '@espalier/engines';
import type { Written } from '@espalier/formats';
import type { Costs } from '@espalier/network';
import type { Pruned, Round, SamplingRun, Target, WidthLimits } from '@espalier/pruning';
import type { Standing } from './bench.ts';
import type { LatencyReport } from './latency.ts';
import type { RepairSummary } from './repair.ts';
import type { StageSeconds } from './stages.ts';
import type { Provenance } from './workplace.ts';

/** What comes out of a plan, as plain data: what the command prints, a worker stores and a benchmark keeps. */
export interface PruneResult {
  readonly requested: Target;
  /** Saved shares of the base cost. */
  readonly achieved: Costs;
  /** The network as given. */
  readonly before: Standing;
  /** Right after the cut. */
  readonly pruned: Standing;
  /** After the repair; null if there was none. */
  readonly repaired: Standing | null;
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
  /** How the layers after the cut were repaired, in rounds after the last one; null if they were not. */
  readonly repair: RepairSummary | null;
  /** How it was trained after the cut; null if it was not. */
  readonly finetuning: TrainingSummary | null;
  /** Each with what it began with and what it left; null if all was cut at once. */
  readonly rounds: readonly Round[] | null;
  /** The training between the rounds; null if there was none. */
  readonly recovery: RecoverySummary | null;
  /** What the search used, in rounds the first one; null for an allocation that needs no samples. */
  readonly sampling: SamplingSummary | null;
  /** What a device profile said of it, and what was measured beside it; null without a profile. */
  readonly latency: LatencyReport | null;
  /** null if it was not measured. */
  readonly timing: Timing | null;
  /** Of the network that is written. */
  readonly networkHash: string;
  /** As written; null if it was not. */
  readonly file: Written | null;
  readonly seconds: StageSeconds;
  readonly provenance: Provenance;
}

export interface TrainingSummary {
  readonly recipe: Recipe;
  readonly recipeHash: string;
  readonly steps: number;
  /** `top1` on the search split. */
  readonly epochs: readonly EpochReport[];
}

/** How the network was trained between the rounds. */
export interface RecoverySummary extends Pick<TrainingSummary, 'recipe' | 'recipeHash'> {
  /** Each with the round that it followed. */
  readonly trainings: readonly (Pick<TrainingSummary, 'steps' | 'epochs'> & { readonly round: number })[];
}

export type SamplingSummary = Pick<
  SamplingRun,
  'dataset' | 'samples' | 'seed' | 'grid' | 'engine' | 'batchNorm' | 'metric'
> & {
  readonly baseline: Pick<SamplingRun['baseline'], 'top1' | 'top5' | 'loss' | 'n'>;
  /** Cells taken from stored units; null for a sampling that was given. */
  readonly cached: number | null;
};

/** Of the network that is written, beside that of the network as given: their runs were interleaved. */
export interface Timing {
  /** Median latency of one image, milliseconds. */
  readonly latencyMs: number;
  readonly baseLatencyMs: number;
  /** Images per second, in batches. */
  readonly throughput: number;
  readonly baseThroughput: number;
  /** Images per batch. */
  readonly throughputBatch: typeof THROUGHPUT_BATCH;
  /** Of one image, and of batches. */
  readonly speedup: { readonly latency: Speedup; readonly throughput: Speedup };
}

export function trainingSummary(recipe: Recipe, { steps, epochs }: Training): TrainingSummary {
  return { recipe, recipeHash: recipeHash(recipe), steps, epochs };
}

export function samplingSummary(run: SamplingRun, cached: number | null): SamplingSummary {
  const { dataset, samples, seed, grid, engine, batchNorm, metric, baseline } = run;
  const { top1, top5, loss, n } = baseline;
  return {
    dataset,
    samples,
    seed,
    grid,
    engine,
    batchNorm,
    metric,
    baseline: { top1, top5, loss, n },
    cached,
  };
}
