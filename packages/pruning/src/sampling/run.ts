import { z } from 'zod';

/**
 * A finished sweep as plain data: what was measured, on what, and the matrices built from it. Matrices are
 * [group][ratio]; accuracies and drops are fractions, losses nats.
 */
const matrix = z.array(z.array(z.number()));

export const samplingRunSchema = z.object({
  format: z.literal('espalier-sweep'),
  version: z.literal(1),
  network: z.object({ name: z.string(), hash: z.string() }),
  dataset: z.object({ name: z.string(), hash: z.string(), split: z.literal('search') }),
  criterion: z.string(),
  seed: z.int(),
  allowInexact: z.boolean(),
  engine: z.string(),
  batchNorm: z.literal('as-given'),
  grid: z.array(z.number()).min(1),
  baseline: z.object({
    top1: z.number(),
    top5: z.number().nullable(),
    loss: z.number(),
    n: z.int().positive(),
    /** One bit an image, base64: right or wrong, in sample order. */
    hits: z.string(),
  }),
  groups: z.array(z.object({ id: z.string(), width: z.int().positive() })).min(1),
  /** Units that each cell removes. */
  removed: z.array(z.array(z.int())),
  /** How each cell came by its numbers. */
  origin: z.array(z.array(z.enum(['measured', 'repeats-baseline', 'inferred']))),
  accuracy: matrix,
  top5: matrix.nullable(),
  loss: matrix,
  /** Baseline minus accuracy; negative where pruning helped. */
  drop: matrix,
  /** Of the drop, paired over the same images. */
  standardError: matrix,
  monotoneDrop: matrix,
  contribution: matrix,
  /** Share of the base cost that removing a cell's units alone saves. */
  saving: z.object({ macs: matrix, params: matrix }),
  hits: z.array(z.array(z.string())),
});

export type SamplingRun = z.infer<typeof samplingRunSchema>;
