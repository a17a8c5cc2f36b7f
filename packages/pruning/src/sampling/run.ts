import { type QualityMetric, TOP1 } from '@espalier/engines';
import { z } from 'zod';

/** [group][ratio], prunable groups in topological order. */
const matrix = z.array(z.array(z.number()));

/** A value of a network on some images; see `QualityMetric`. */
const metricSchema = z.object({
  /** Of one's own with the hash of its file. */
  name: z.string().min(1),
  label: z.string(),
  direction: z.enum(['higher', 'lower']),
  unit: z.enum(['share', 'nats', 'ratio']),
  range: z.tuple([z.number().nullable(), z.number().nullable()]),
});

/** What a file says of its metric. */
export function metricFacts({
  name,
  label,
  direction,
  unit,
  range: [least, most],
}: QualityMetric): z.infer<typeof metricSchema> {
  return { name, label, direction, unit, range: [least, most] };
}

const headerFields = {
  network: z.object({ name: z.string(), hash: z.string() }),
  dataset: z.object({
    ...{ name: z.string(), hash: z.string(), split: z.literal('search') },
    /** Version of the rules by which images were decoded; files of before it was kept are of the first. */
    decoding: z.int().positive().default(1),
  }),
  criterion: z.string(),
  seed: z.int(),
  /** Images of the sample's order before the first that was taken. */
  skip: z.int().nonnegative().default(0),
  samples: z.int().positive(),
  allowInexact: z.boolean(),
  engine: z.string(),
  /** By which drops are told; files of before it was chosen are of top-1. */
  metric: metricSchema.default(() => metricFacts(TOP1)),
  /** Where outputs are compared with those of the unpruned network: their names, and weights other than 1. */
  outputs: z.array(z.string()).default([]),
  weights: z.record(z.string(), z.number().nonnegative()).default({}),
  batchNorm: z.literal('as-given'),
  grid: z.array(z.number()).min(1),
  groups: z.array(z.object({ id: z.string(), width: z.int().positive() })).min(1),
  /** The units of each group, the most important first; of criteria that use images, so nobody ranks again. */
  order: z.array(z.array(z.int().nonnegative())).optional(),
  /** Units that each cell removes. */
  removed: z.array(z.array(z.int())),
  /** Share of the base cost that removing a cell's units alone saves. */
  saving: z.object({ macs: matrix, params: matrix }),
};

export const sweepHeaderSchema = z.object(headerFields);

/** What a sweep is of; sweeps with equal headers measure the same cells on the same images. */
export type SweepHeader = z.infer<typeof sweepHeaderSchema>;

const byName = <T extends z.ZodType>(value: T) => z.record(z.string(), value);

/**
 * A finished sweep as plain data: what was measured, on what, and the matrices built from it. Accuracies are fractions,
 * losses nats; what has no labels has none of these. Drops are in the unit of the metric.
 */
export const samplingRunSchema = z.object({
  format: z.literal('espalier-sweep'),
  version: z.literal(1),
  ...headerFields,
  baseline: z.object({
    top1: z.number().nullable(),
    top5: z.number().nullable(),
    loss: z.number().nullable(),
    n: z.int().positive(),
    /** One bit an image, base64: right or wrong, in sample order. */
    hits: z.string().nullable(),
    /** By metric. Files of before it was chosen have none. */
    values: byName(z.number()).default({}),
  }),
  /** How each cell came by its numbers. */
  origin: z.array(z.array(z.enum(['measured', 'repeats-baseline', 'inferred']))),
  accuracy: matrix.nullable(),
  top5: matrix.nullable(),
  loss: matrix.nullable(),
  /** By metric: all that were measured together. Files of before it was chosen have none. */
  values: byName(matrix).default({}),
  /** How much worse than the baseline by the metric; negative where pruning helped. */
  drop: matrix,
  /** Standard error of the drop, paired over the same images. */
  standardError: matrix,
  monotoneDrop: matrix,
  contribution: matrix,
  hits: z.array(z.array(z.string())).nullable(),
});

export type SamplingRun = z.infer<typeof samplingRunSchema>;

/** The values by the metric that the sweep uses. */
export function valuesOf({ metric: { name }, values, baseline, accuracy }: SamplingRun): {
  readonly cells: readonly (readonly number[])[];
  readonly baseline: number;
} {
  return { cells: values[name] ?? accuracy ?? [], baseline: baseline.values[name] ?? baseline.top1 ?? 0 };
}
