import type { MetricName } from '@espalier/engines';
import { InputError } from '@espalier/errors';
import type { NetworkMetadata } from '@espalier/network';
import { type PlanInput, type PrunePlan, parsePlan, samplingOf } from '@espalier/pipeline';
import { type AskedTarget, samplingSeed } from '@espalier/pruning';
import type { Experiment, Model, Run } from '@espalier/store';

/**
 * What an experiment fixes, so that its runs are comparable: the network and the images (they lie elsewhere on every
 * machine), how is sampled, repaired, recalibrated and fine-tuned, by what is judged, and the
 * device by which latency is known. Its limits on widths are what runs have that say nothing else.
 */
export type Conditions = Pick<
  Experiment,
  | 'grid'
  | 'samples'
  | 'seed'
  | 'allowInexact'
  | 'recipe'
  | 'recalibrate'
  | 'repair'
  | 'limits'
  | 'qualityMetric'
  | 'outputWeights'
  | 'profileId'
>;

/** What belongs to a run. */
export interface RunSpec {
  readonly allocation: string;
  readonly criterion: string;
  readonly target: {
    readonly metric: string;
    readonly share?: number | undefined;
    /** Of latency, to be left. */
    readonly ms?: number | null | undefined;
  };
  readonly seed: number;
  /** null: the experiment's. */
  readonly limits?: unknown;
  /** null: all at once, or what the allocation does by itself. */
  readonly rounds?: number | null;
  readonly recovery?: unknown;
}

/** A run always says what it removes. */
export type RunPlan = PrunePlan & { readonly target: AskedTarget };

/** Where the files of a plan lie on this machine; for checking alone nowhere. */
export type PlanFiles = Pick<PrunePlan, 'model' | 'data' | 'profile'>;

const NO_FILES: PlanFiles = {
  model: { file: '-', preprocessing: null, name: null, input: [], set: {}, output: [] },
  data: { spec: '-', name: null, hashOfContent: true },
  profile: { file: '-' },
};

/**
 * @throws {InputError} for what cannot be right whatever the network: unknown names, numbers out of bounds, settings
 * that do not go together
 */
export function planOf(conditions: Conditions, spec: RunSpec, files: PlanFiles = NO_FILES): RunPlan {
  const { grid, samples, allowInexact, recipe, recalibrate, limits } = conditions;
  // One of before there was a repair is not repaired.
  const repair = conditions.repair ?? 0;
  const { allocation, criterion, seed, rounds = null, recovery = null } = spec;
  const { ms, ...target } = spec.target;
  if (target.metric === 'latency' && conditions.profileId === null) throw withoutDevice();
  // It comes from a table or from a person: what is wrong with it is found out here.
  const input = {
    ...files,
    ...(conditions.profileId === null ? { profile: null } : {}),
    target: { ...target, ...(typeof ms === 'number' ? { ms } : {}) },
    ...{ allocation, criterion, seed, rounds, recovery, recalibrate, repair, recipe },
    limits: spec.limits ?? limits,
    sampling: {
      ...{ grid, samples, allowInexact, seed: samplingSeed(criterion, seed, conditions.seed) },
      ...judgedBy(conditions),
    },
  } as PlanInput;
  const plan = parsePlan(input);
  const { target: asked } = plan;
  if (asked === null) throw new InputError('say how much to remove: a metric and a share', 'target');
  return { ...plan, target: asked };
}

function withoutDevice(): InputError {
  return new InputError(
    'a latency target needs a device profile: give the experiment one of its model',
    'target',
  );
}

/** By what an experiment's networks are judged; one of before there was a choice uses top-1. */
export function judgedBy({
  qualityMetric,
  outputWeights,
}: Pick<Conditions, 'qualityMetric' | 'outputWeights'>): {
  readonly metric: MetricName;
  readonly weights: Record<string, number>;
} {
  // What somebody gives is looked at by `parsePlan`; what is kept went through that.
  const metric = (qualityMetric ?? 'top1') as MetricName;
  return { metric, weights: (outputWeights ?? {}) as Record<string, number> };
}

/** How pixels become a model's input, and the order of its classes: as it was registered; null if nothing says so. */
export function metadataOf({ metadata }: Pick<Model, 'metadata'>): NetworkMetadata | null {
  const kept = metadata as unknown as NetworkMetadata | null;
  return kept && 'input' in kept ? kept : null;
}

/** How a model's file is read. */
export function readAsOf({
  readAs,
}: Pick<Model, 'readAs'>): Pick<PrunePlan['model'], 'input' | 'output' | 'set'> {
  return { input: [], set: {}, output: [], ...(readAs as object | null) };
}

export function specOf({
  allocation,
  criterion,
  metric,
  share,
  targetMs,
  seed,
  limits,
  rounds,
  recovery,
}: Pick<
  Run,
  'allocation' | 'criterion' | 'metric' | 'share' | 'targetMs' | 'seed' | 'limits' | 'rounds' | 'recovery'
>): RunSpec {
  return { allocation, criterion, target: { metric, share, ms: targetMs }, seed, limits, rounds, recovery };
}

/** Whether a run uses a sampling that others may use, too. */
export function sharesSampling({
  allocation,
  rounds = null,
}: Pick<RunSpec, 'allocation' | 'rounds'>): boolean {
  return samplingOf({ allocation, rounds }) === 'shared';
}
