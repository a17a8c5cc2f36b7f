import type { Dataset } from '@espalier/datasets';
import { findMetric, isKnownMetric, METRIC_CHOICES, recipeSchema } from '@espalier/engines';
import { InputError, MisfitError, readBy } from '@espalier/errors';
import { metadataSchema } from '@espalier/formats';
import { COST_METRICS } from '@espalier/network';
import {
  type AskedTarget,
  DEFAULT_GRID,
  type DrawnFrom,
  dependsOnSeed,
  findAllocation,
  findCriterion,
  parseGrid,
  repairImages,
  roundsOf,
  SAMPLING_BLOCK,
  USUAL_REPAIR_IMAGES,
  USUAL_SAMPLES,
  withoutProfile,
} from '@espalier/pruning';
import { z } from 'zod';

/** Larger numbers are slips of the keyboard, and would keep a machine busy for years. */
const MOST = 1_000_000;
const MOST_ROUNDS = 100;
const MOST_GROUPS = 10_000;

function whole(least: number, most = MOST) {
  const message = `give a whole number from ${least} to ${most.toLocaleString('en')}`;
  return z.int(message).min(least, message).max(most, message);
}

const between = 'give a number above 0 and below 1';
const share = z.number(between).gt(0, between).lt(1, between);

export const targetSchema = z
  .strictObject({
    metric: z.enum(COST_METRICS, `give one of ${COST_METRICS.join(', ')}`),
    /** Of the base cost, to remove; where milliseconds are given, what they came to. */
    share: share.optional(),
    /** To be left, of latency; they count, and the share follows from them by the profile. */
    ms: z.number('give a number above 0').positive('give a number above 0').optional(),
  })
  .transform(({ metric, share, ms }, { issues }): AskedTarget => {
    if (ms !== undefined && metric === 'latency')
      return { metric, ms, ...(share === undefined ? {} : { share }) };
    const [path, message] =
      ms === undefined
        ? (['share', metric === 'latency' ? 'give the share to remove, or ms' : between] as const)
        : (['ms', 'only latency takes milliseconds: give a share'] as const);
    if (share === undefined || ms !== undefined)
      issues.push({ code: 'custom', input: ms, path: [path], message });
    return { metric, share: share ?? 0 };
  });

/** Of the widths that groups may keep; see `WidthLimits`. */
export const limitsSchema = z.strictObject({
  align: z.union([whole(1), z.literal('auto')], 'give a whole number from 1, or auto').default('auto'),
  /** What `auto` stands for in each group: see `withWidths`. */
  widths: z
    .array(z.strictObject({ group: z.string(), widths: z.array(whole(1)) }))
    .max(MOST_GROUPS)
    .optional(),
  minWidth: whole(1).default(1),
  maxRatio: share.default(0.9),
  keep: z.array(z.string().min(1)).max(MOST_GROUPS).default([]),
});

/** Of an input by its name, or of the images': see `InputShape`. */
const inputShapeSchema = z.strictObject({
  name: z.string().min(1).optional(),
  shape: z.array(whole(1)).min(1).max(8).readonly(),
});

const MOST_VALUES = 100;
const readAs = {
  /** What to compute with where the file leaves more than the batch open. */
  input: z.array(inputShapeSchema).max(MOST_VALUES).readonly().default([]),
  /** Inputs that have one number throughout. */
  set: z.record(z.string().min(1), z.number()).readonly().default({}),
  /** Values that it ends in; none: the file's outputs. */
  output: z.array(z.string().min(1)).max(MOST_VALUES).readonly().default([]),
};

/** How a file is read: see `ReadAs` in `@espalier/formats`. */
export const readAsSchema = z.strictObject(readAs);

/** Where a person says nothing of widths. */
export const USUAL_LIMITS = limitsSchema.parse({});

function isAscending(shares: readonly number[]): boolean {
  return shares.every((share, i) => i === 0 || share > (shares[i - 1] ?? 0));
}

/** How groups are sampled, by whatever uses samples. */
export const samplingSchema = z.strictObject({
  /** Ascending shares of each group's units. */
  grid: z
    .array(share)
    .min(1, 'give at least one share')
    .max(1000)
    .refine(isAscending, 'give the shares in ascending order')
    .default(() => parseGrid(DEFAULT_GRID)),
  /** Images of the search split; null: see `samplesOf`. */
  samples: whole(1).nullable().default(null),
  /** Images of the sample's order that are left out first. */
  skip: whole(0).multipleOf(SAMPLING_BLOCK, `give a multiple of ${SAMPLING_BLOCK}`).default(0),
  /** Draws the images. */
  seed: z.int().default(0),
  /** Also groups whose channels a normalisation mixes. */
  allowInexact: z.boolean().default(false),
  /** By which drops are told and networks are judged; null: what network and images allow (see `metricFor`). */
  metric: z
    .string()
    .refine(isKnownMetric, `give one of ${METRIC_CHOICES.join(', ')}`)
    .nullable()
    .default(null),
  /** Of outputs by name, where they are compared with those of the unpruned network; those not named have 1. */
  weights: z
    .record(z.string().min(1), z.number('give a number from 0').nonnegative('give a number from 0'))
    .default({}),
  /** Measures only what the structures depend on, and infers the rest. */
  adaptive: z.boolean().default(false),
});

/**
 * All that decides what comes out of a pruning, as plain data: a person's flags, a row of the platform's tables and
 * an item of a benchmark become one of these. Where it is computed, and with how many processes, is not part of it.
 */
const planSchema = z.strictObject({
  /** An ONNX file; how pixels become its input where it does not say so itself, or a file that says it; what it is called in messages. */
  model: z.strictObject({
    file: z.string().min(1),
    preprocessing: z.union([z.string(), metadataSchema]).nullable().default(null),
    /** null: as its file. */
    name: z.string().nullable().default(null),
    ...readAs,
  }),
  /** A name, a folder or a packed file, and what it is called in messages; null: no images, so no accuracies. */
  data: z
    .strictObject({
      spec: z.string().min(1),
      name: z.string().nullable().default(null),
      /** Takes no packed file's word for its hash: see `OpenOptions`. */
      hashOfContent: z.boolean().default(false),
      /** What `val/` of a folder is if there is no `test/`. */
      valAs: z.enum(['test', 'search', 'both']).optional(),
    })
    .nullable()
    .default(null),
  /** A device profile (`espalier profile`): by it latency is known, and may be a target; null: it is not. */
  profile: z
    .strictObject({ file: z.string().min(1) })
    .nullable()
    .default(null),
  allocation: z.string().default('cie'),
  /** With its reduction: `l1:max`. */
  criterion: z.string().default('l1'),
  /** null for manual shares that are taken as they are. */
  target: targetSchema.nullable().default(null),
  limits: limitsSchema.prefault({}),
  sampling: samplingSchema.prefault({}),
  /** Samples and cuts so many times; null: all at once, or what the allocation does by itself. */
  rounds: whole(1, MOST_ROUNDS).nullable().default(null),
  /** Trains between the rounds. */
  recovery: recipeSchema.nullable().default(null),
  /** Training images that BatchNorm's statistics are measured on after the cut; null: they stay as they are. */
  recalibrate: whole(1).nullable().default(null),
  /**
   * Training images by which the layers after the cut are repaired, in rounds after each one; 0: none; null: the
   * usual number, or what there is (see `repairImages`).
   */
  repair: whole(0).nullable().default(0),
  /** Trains what was cut; null: it stays as it is. */
  recipe: recipeSchema.nullable().default(null),
  /** An ONNX file whose outputs are learned by recipes that distil; null: those of the network as given. */
  teacher: z.string().min(1).nullable().default(null),
  /** Draws random units and shares, the images of criteria that use images, and the order of training. */
  seed: z.int().default(0),
  /** Which networks are tested on the whole test split, beside the one that is written. */
  tests: z.strictObject({ base: z.boolean().default(true), cut: z.boolean().default(true) }).prefault({}),
  /**
   * Whether a structure that was searched by latency is measured, and searched again where it misses its target; as
   * predicted otherwise.
   */
  corrected: z.boolean().default(true),
  /** Whether latency and throughput are measured: beside other work they mean little. */
  timed: z.boolean().default(false),
});

export type PlanInput = z.input<typeof planSchema>;
export type PrunePlan = z.output<typeof planSchema>;

/**
 * A plan with its defaults filled in and its names as the method has them.
 *
 * @throws {InputError} that names the field: a number out of bounds, an unknown allocation or criterion, settings
 * that do not go together
 */
export function parsePlan(value: PlanInput): PrunePlan {
  const plan = readBy(planSchema, value);
  const allocation = atField('allocation', () => findAllocation(plan.allocation));
  const criterion = atField('criterion', () => findCriterion(plan.criterion).name);
  const rounds = plan.rounds ?? roundsOf(allocation) ?? null;
  const keep = [...new Set(plan.limits.keep)].sort();
  // Given shares without a target already name their widths: no multiples are applied to them.
  const byHand = allocation.name.startsWith('manual(') && plan.target === null;
  const align = byHand && plan.limits.align === 'auto' ? 1 : plan.limits.align;
  const named = { allocation: allocation.name, criterion, rounds, limits: { ...plan.limits, align, keep } };
  const parsed = { ...plan, ...named };
  checkTogether(parsed);
  return parsed;
}

/** How many images are sampled of a search split of `n`: as asked, or else the usual number or what there is. */
export function samplesOf(
  { samples, skip }: Pick<PrunePlan['sampling'], 'samples' | 'skip'>,
  n: number,
): number {
  return samples ?? Math.max(1, Math.min(USUAL_SAMPLES, n - skip));
}

/**
 * By how many images a network is repaired by itself.
 *
 * @throws {InputError} for more than the training split has, or for a split with fewer than two
 */
export function usualRepairImages(
  images: number | undefined,
  { name, splits: { train } }: Pick<Dataset, 'name' | 'splits'>,
): number {
  const wanted = images ?? Math.min(USUAL_REPAIR_IMAGES, train.n);
  if (wanted > train.n || wanted < 2) {
    throw new InputError(
      `a repair with ${Math.max(2, wanted)} images: the training split of ${name} has only ${train.n} images`,
      'repair',
    );
  }
  return wanted;
}

/** How a plan's allocation comes by its samples: see `Allocation.sampling`; rounds sample by themselves. */
export function samplingOf({
  allocation,
  rounds,
}: Pick<PrunePlan, 'allocation' | 'rounds'>): 'none' | 'shared' | 'rounds' {
  if (rounds !== null) return 'rounds';
  return findAllocation(allocation).sampling === 'shared' ? 'shared' : 'none';
}

/** Whether another seed of the plan may give another network: see `dependsOnSeed`. */
export function drawsBySeed(plan: PrunePlan, images: DrawnFrom): boolean {
  const { recipe, recovery, sampling } = plan;
  const trained = recipe !== null || recovery !== null;
  const repaired = repairImages(plan, images.train) > 0;
  return dependsOnSeed({ ...plan, trained, repaired, samples: samplesOf(sampling, images.search) }, images);
}

function checkTogether(plan: PrunePlan): void {
  const { allocation, rounds, recovery, recipe, teacher, sampling, repair, recalibrate } = plan;
  if (repair === 1) {
    throw new MisfitError('a repair holds out some of its images: give two or more, or 0 for none', 'repair');
  }
  if (repair !== null && repair > 0 && recalibrate !== null) {
    throw new MisfitError(
      "a repair fits the layers to BatchNorm's statistics, and recalibration changes those: give only one of them",
      'repair',
    );
  }
  const { metric } = sampling;
  if (plan.target?.metric === 'latency' && plan.profile === null) throw withoutProfile();
  if (sampling.adaptive && metric !== null && metric !== 'top1') {
    throw new MisfitError(
      `adaptive sampling needs images that are right or wrong, not ${findMetric(metric).label}: leave it out, or give metric top1`,
      'sampling.adaptive',
    );
  }
  if (rounds !== null && findAllocation(allocation).sampling === 'none') {
    throw new MisfitError(
      `allocation ${allocation} needs no samples, and rounds sample again: give cie`,
      'rounds',
    );
  }
  if (recovery !== null && (rounds === null || rounds === 1)) {
    throw new MisfitError(
      'recovery trains between rounds: give two rounds or more, or a recipe for the training after the cut',
      'recovery',
    );
  }
  if (teacher !== null && !recipe?.distillation && !recovery?.distillation) {
    throw new MisfitError(
      'only a recipe with distillation uses a teacher: add distillation to the recipe, or leave the teacher out',
      'teacher',
    );
  }
  // The units of such a sampling were drawn by its own seed, and the run's would say something else.
  if (samplingOf(plan) === 'shared' && plan.criterion === 'random' && plan.seed !== sampling.seed) {
    throw new MisfitError(
      `the sampling ranks units randomly with seed ${sampling.seed}: give seed ${sampling.seed}, not ${plan.seed}`,
      'seed',
    );
  }
}

/** What went wrong is about a field. */
export function atField<T>(field: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof InputError && error.field === undefined) throw new InputError(error.message, field);
    throw error;
  }
}
