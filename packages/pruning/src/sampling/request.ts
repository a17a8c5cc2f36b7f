import type { Dataset } from '@espalier/datasets';
import type { Engine, OutputWeights, QualityMetric } from '@espalier/engines';
import type { ChannelMap, Network } from '@espalier/network';
import type { CostModel } from '../cost-model.ts';
import type { Criterion } from '../criteria/criterion.ts';
import type { Ranking } from '../criteria/index.ts';
import type { Way } from './planned/plan.ts';

/** What decides the numbers of a sweep, and where and how they are measured. */
export interface SweepRequest {
  readonly network: Network;
  readonly map: ChannelMap;
  readonly allowInexact: boolean;
  /** Criteria that share one pass over the images: one sampling run each. */
  readonly criteria: readonly RankedCriterion[];
  readonly dataset: Dataset;
  readonly engine: Engine;
  /** Ascending ratios in (0, 1). */
  readonly grid: readonly number[];
  /** How many images of the search split. */
  readonly samples: number;
  readonly seed: number;
  /** By which drops are told. Default top-1. */
  readonly metric?: QualityMetric;
  /** Of outputs, where they are compared with those of the unpruned network. */
  readonly weights?: OutputWeights;
  /**
   * How many images of the sample's order are left out before the first: samples of 500 images behind 0, 500 and
   * 1,000 share none. A multiple of 100, since units of work are blocks of so many. Default 0.
   */
  readonly skip?: number;
  /** Folder of the work units. */
  readonly home: string;
  /** Measure everything, whatever is stored. */
  readonly fresh?: boolean;
  /** One compiled full network with masks as inputs, the oracle of every faster way. */
  readonly naive?: boolean;
  readonly tuning?: SweepTuning;
  readonly onProgress?: (progress: SamplingProgress) => void;
  readonly signal?: AbortSignal;
}

export interface RankedCriterion {
  readonly criterion: Criterion;
  /** Prunable groups in topological order. */
  readonly rankings: readonly Ranking[];
  readonly cost: CostModel;
}

/** None of these changes a number. */
export interface SweepTuning {
  /** Processes that measure side by side. Default: one for each of the engine's threads, fewer for few images. */
  readonly processes?: number;
  /** Images per call of the engine. Default: what `memory` allows, at most 25. */
  readonly batch?: number;
  /** Bytes that the activations of all processes may take. Default 1 GiB. */
  readonly memory?: number;
  /** Only these ways of measuring a group, for benchmarks. */
  readonly ways?: readonly Way[];
}

/** Counts (image, cell) pairs of this call; cells taken from the store are not among them. */
interface SamplingProgress {
  readonly done: number;
  readonly total: number;
}
