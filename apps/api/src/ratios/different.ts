import type { CompressionMetric } from '@espalier/comparison';
import { Prisma } from '@espalier/store';
import type { Reach } from '../access/reach.ts';
import { every } from '../query/sql.ts';
import { type RunFilter, runCondition } from '../runs/run-filter.ts';
import { RATIO, RUN, RUN_TABLES } from '../runs/run-tables.ts';

/** What must be equal, beside the network, before values may be compared, of an experiment: data, ways to make and to judge. */
const CONDITIONS = Prisma.sql`d."hash", coalesce(e."recipeHash", '-'), coalesce(e."recalibrate", 0), coalesce(e."repair", 0),
  ${RUN.qualityMetric}, ${RUN.outputWeights}`;

/**
 * The same of a run: test images, and who judged. Values of two evaluators compare with a reservation at best, which a
 * number that counts grounds cannot tell: they stand apart.
 */
const EVALUATION = textOf([
  Prisma.sql`coalesce(p."images", 0)`,
  Prisma.sql`p."decoding"`,
  Prisma.sql`coalesce(${RUN.evaluator}, '-')`,
]);

/** Numbers of the experiments, `c` below, that are equal for equal conditions: said of each run, texts take longer than all else. */
const given = ({ teamId }: Reach) => Prisma.sql`
  SELECT e."id", dense_rank() OVER (ORDER BY e."modelId", ${CONDITIONS}) AS "conditions",
    dense_rank() OVER (ORDER BY ${RUN.baseHash}, ${RUN.preprocessing}, ${CONDITIONS}) AS "ground"
  FROM "Experiment" e JOIN "Model" m ON m."id" = e."modelId" JOIN "Dataset" d ON d."id" = e."datasetId"
  WHERE e."teamId" = ${teamId}`;

/** A column of {@link differentRuns}: equal where all is that must be before values may be compared, as the rules of comparability have it. */
export const GROUND = textOf([Prisma.sql`c."ground"`, EVALUATION]);

/** The same of a ratio: predicted times compare by one device only. */
export function groundOf(metric: CompressionMetric): Prisma.Sql {
  return metric === 'predicted' ? textOf([GROUND, RUN.profile]) : GROUND;
}

/** Differences of values are not exact. */
export const ROUNDING = 1e-9;

/** Of values, one text that is sorted letter by letter. What is null is left out. */
function textOf(values: readonly Prisma.Sql[]): Prisma.Sql {
  return Prisma.sql`concat_ws(' ', ${Prisma.join([Prisma.sql`''`, ...values])}) COLLATE "C"`;
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
  const evaluation = metrics.join() === 'predicted' ? textOf([EVALUATION, RUN.profile]) : EVALUATION;
  const network = Prisma.sql`i."group", i."network", i."conditions", i."evaluation"`;
  // OFFSET 0: each column is worked out once for each run, and not again for every sort.
  return Prisma.sql`
    SELECT DISTINCT ON (${network}) i.*, count(*) OVER (PARTITION BY ${network}) AS "runs"
    FROM (
      WITH given AS MATERIALIZED (${given(reach)})
      SELECT ${RUN.id} AS "id", ${textOf(within)} AS "group", coalesce(${RUN.networkHash}, ${RUN.id}) COLLATE "C" AS "network",
        c."conditions", ${evaluation} AS "evaluation",
        num_nulls(${Prisma.join(metrics.map((metric) => RATIO[metric]))}) AS "unmeasured", ${columns}
      FROM ${RUN_TABLES} JOIN given c ON c."id" = e."id"
      WHERE ${every(runCondition(reach, filter), finished, condition ?? null)} OFFSET 0
    ) i
    ORDER BY ${network}, i."unmeasured", i."id"`;
}
