import { z } from 'zod';

/** [group][ratio], prunable groups in topological order. */
const matrix = z.array(z.array(z.number()));

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
  batchNorm: z.literal('as-given'),
  grid: z.array(z.number()).min(1),
  groups: z.array(z.object({ id: z.string(), width: z.int().positive() })).min(1),
  /** The units of each group, the most important first; of criteria that go by images, so that nobody ranks anew. */
  order: z.array(z.array(z.int().nonnegative())).optional(),
  /** Units that each cell removes. */
  removed: z.array(z.array(z.int())),
  /** Share of the base cost that removing a cell's units alone saves. */
  saving: z.object({ macs: matrix, params: matrix }),
};

export const sweepHeaderSchema = z.object(headerFields);

/** What a sweep is of; sweeps with equal headers measure the same cells on the same images. */
export type SweepHeader = z.infer<typeof sweepHeaderSchema>;

/**
 * A finished sweep as plain data: what was measured, on what, and the matrices built from it. Accuracies
 * and drops are fractions, losses nats.
 */
export const samplingRunSchema = z.object({
  format: z.literal('espalier-sweep'),
  version: z.literal(1),
  ...headerFields,
  baseline: z.object({
    top1: z.number(),
    top5: z.number().nullable(),
    loss: z.number(),
    n: z.int().positive(),
    /** One bit an image, base64: right or wrong, in sample order. */
    hits: z.string(),
  }),
  /** How each cell came by its numbers. */
  origin: z.array(z.array(z.enum(['measured', 'repeats-baseline', 'inferred']))),
  accuracy: matrix,
  top5: matrix.nullable(),
  loss: matrix,
  /** Baseline minus accuracy; negative where pruning helped. */
  drop: matrix,
  /** Standard error of the drop, paired over the same images. */
  standardError: matrix,
  monotoneDrop: matrix,
  contribution: matrix,
  hits: z.array(z.array(z.string())),
});

export type SamplingRun = z.infer<typeof samplingRunSchema>;
