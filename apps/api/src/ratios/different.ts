import type { CompressionMetric } from '@espalier/comparison';
import { Prisma } from '@espalier/store';
import type { Reach } from '../access/reach.ts';
import { every } from '../query/sql.ts';
import { type RunFilter, runCondition } from '../runs/run-filter.ts';
import { RATIO, RUN, RUN_TABLES } from '../runs/run-tables.ts';

/** What must be equal, beside the model, before accuracies may be compared: data, test images, ways to make and to judge. */
const CONDITIONS = Prisma.sql`concat_ws(' ', d."hash", coalesce(p."images", 0), p."decoding",
  coalesce(e."recipeHash", '-'), coalesce(e."recalibrate", 0))`;

/** Differences of accuracies are not exact. */
export const ROUNDING = 1e-9;

/**
 * The finished runs that match. Equal networks count once: of those that one model gave under equal conditions the
 * first counts that was measured in the metric, and not the one that happened to be timed as the fastest.
 *
 * @param columns beside `id`, with their names
 */
export function differentRuns(
  reach: Reach,
  filter: RunFilter,
  metric: CompressionMetric,
  columns: Prisma.Sql,
  condition: Prisma.Sql | null = null,
): Prisma.Sql {
  const network = Prisma.sql`${RUN.modelId}, ${CONDITIONS}, coalesce(${RUN.networkHash}, ${RUN.id})`;
  const finished = Prisma.sql`r."state" = 'finished' AND p."runId" IS NOT NULL`;
  return Prisma.sql`
    SELECT DISTINCT ON (${network}) ${RUN.id} AS "id", ${columns}
    FROM ${RUN_TABLES} WHERE ${every(runCondition(reach, filter), finished, condition)}
    ORDER BY ${network}, (${RATIO[metric]}) IS NULL, ${RUN.id}`;
}
