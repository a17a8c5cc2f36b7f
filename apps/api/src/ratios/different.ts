import type { CompressionMetric } from '@espalier/comparison';
import { Prisma } from '@espalier/store';
import type { Reach } from '../access/reach.ts';
import { every } from '../query/sql.ts';
import { type RunFilter, runCondition } from '../runs/run-filter.ts';
import { RATIO, RUN, RUN_TABLES } from '../runs/run-tables.ts';

/**
 * What must be equal, beside the model, before values may be compared: data, test images, ways to make and to judge. Those
 * of two evaluators compare with a reservation at best, which a number that counts grounds cannot tell: they stand apart.
 */
const CONDITIONS = Prisma.sql`concat_ws(' ', d."hash", coalesce(p."images", 0), p."decoding", coalesce(${RUN.evaluator}, '-'),
  coalesce(e."recipeHash", '-'), coalesce(e."recalibrate", 0), coalesce(e."repair", 0),
  ${RUN.qualityMetric}, ${RUN.outputWeights})`;

/** All that must be equal before values may be compared, as the rules of comparability have it. */
export const GROUND = keyOf([RUN.baseHash, RUN.preprocessing, CONDITIONS]);

/** The same of a ratio: predicted times compare by one device only. */
export function groundOf(metric: CompressionMetric): Prisma.Sql {
  return metric === 'predicted' ? keyOf([GROUND, RUN.profile]) : GROUND;
}

/** Differences of values are not exact. */
export const ROUNDING = 1e-9;

/** Of values, one that is sorted at once: texts are compared letter by letter. What is null is left out. */
function keyOf(values: readonly Prisma.Sql[]): Prisma.Sql {
  return Prisma.sql`md5(concat_ws(' ', ${Prisma.join([Prisma.sql`''`, ...values])}))::uuid`;
}

interface Asked {
  readonly reach: Reach;
  readonly filter: RunFilter;
  /** Beside `id`, with their names. */
  readonly columns: Prisma.Sql;
  /** Networks are looked at within what is equal in these. */
  readonly within?: readonly Prisma.Sql[];
  readonly condition?: Prisma.Sql;
}

/**
 * The finished runs that match, with `runs`, how many each stands for, and `group`, equal for what is equal `within`. Equal networks count once: of those that one
 * model gave under equal conditions the first counts that was measured in the metrics, or in most of them, and not the
 * one that happened to be timed as the fastest. By predicted time alone a network counts once for each device.
 */
export function differentRuns(
  metrics: readonly CompressionMetric[],
  { reach, filter, columns, within = [], condition }: Asked,
): Prisma.Sql {
  const finished = Prisma.sql`r."state" = 'finished' AND p."runId" IS NOT NULL`;
  const network = [
    ...[RUN.modelId, CONDITIONS, Prisma.sql`coalesce(${RUN.networkHash}, ${RUN.id})`],
    ...(metrics.join() === 'predicted' ? [RUN.profile] : []),
  ];
  // OFFSET 0: each column is worked out once for each run, and not again for every sort.
  return Prisma.sql`
    SELECT DISTINCT ON (i."group", i."network") i.*,
      count(*) OVER (PARTITION BY i."group", i."network") AS "runs"
    FROM (
      SELECT ${RUN.id} AS "id", ${keyOf(within)} AS "group", ${keyOf(network)} AS "network",
        num_nulls(${Prisma.join(metrics.map((metric) => RATIO[metric]))}) AS "unmeasured", ${columns}
      FROM ${RUN_TABLES} WHERE ${every(runCondition(reach, filter), finished, condition ?? null)} OFFSET 0
    ) i
    ORDER BY i."group", i."network", i."unmeasured", i."id"`;
}
