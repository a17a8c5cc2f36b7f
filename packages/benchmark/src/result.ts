import { z } from 'zod';

/** On the whole test split; accuracies 0..1, the loss in nats. */
const quality = z.object({
  top1: z.number(),
  top5: z.number().nullable(),
  loss: z.number(),
  n: z.int().positive(),
  /** One bit an image, base64: right or wrong, in the order of the split. */
  hits: z.base64(),
});

export type TestedQuality = z.infer<typeof quality>;

/** A network as given, as a benchmark keeps it. */
export const baseResultSchema = quality.extend({ params: z.int(), macs: z.int() });
export type BaseResult = z.infer<typeof baseResultSchema>;

/** The result of an item, as it is kept: plain data, enough for every table and test. */
export const itemResultSchema = z.object({
  params: z.int(),
  macs: z.int(),
  /** Hash of the pruned network; results of old do not have it. */
  network: z.string().optional(),
  /** Shares of the base. */
  saved: z.object({ params: z.number(), macs: z.number(), latency: z.number().optional() }),
  structure: z.array(z.object({ group: z.string(), before: z.int(), after: z.int() })),
  /** Right after the cut. */
  pruned: quality,
  /** Right after the repair; null if there is none. */
  repaired: quality.nullable().default(null),
  /** At the end: the same where nothing followed the cut. */
  after: quality,
  engine: z.string(),
  /** Wall-clock a stage. */
  seconds: z.record(z.string(), z.number()),
});
export type ItemResult = z.infer<typeof itemResultSchema>;
