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
const EVALUATION = joined(
  Prisma.sql`coalesce(p."images", 0)::text`,
  Prisma.sql`p."decoding"::text`,
  Prisma.sql`coalesce(${RUN.evaluator}, '-')`,
);

/**
 * Numbers of the experiments, `c` below, that are equal for equal conditions, or for what makes a strategy: said of each
 * run, texts take longer than all else.
 */
const given = ({ teamId }: Reach) => Prisma.sql`
  SELECT e."id", dense_rank() OVER (ORDER BY e."modelId", ${CONDITIONS}) AS "conditions",
    dense_rank() OVER (ORDER BY ${RUN.baseHash}, ${RUN.preprocessing}, ${CONDITIONS}) AS "ground",
    dense_rank() OVER (ORDER BY e."recalibrate", e."recipeHash", ${RUN.qualityMetric}, ${RUN.outputWeights}) AS "way"
  FROM "Experiment" e JOIN "Model" m ON m."id" = e."modelId" JOIN "Dataset" d ON d."id" = e."datasetId"
  WHERE e."teamId" = ${teamId}`;

/** A column of {@link differentRuns}: equal where all is that must be before values may be compared, as the rules of comparability have it. */
export const GROUND = joined(Prisma.sql`c."ground"::text`, EVALUATION);

/** The same of a ratio: predicted times compare by one device only. */
export function groundOf(metric: CompressionMetric): Prisma.Sql {
  return metric === 'predicted' ? joined(GROUND, Prisma.sql`coalesce(${RUN.profile}, '-')`) : GROUND;
}

/** Another: equal for runs of one strategy. */
export const STRATEGY = joined(
  ...[Prisma.sql`r."allocation"`, Prisma.sql`r."criterion"`],
  ...[Prisma.sql`(${RUN.repair})::text`, Prisma.sql`c."way"::text`, Prisma.sql`r."ownSetting"`],
);

/** Differences of values are not exact. */
export const ROUNDING = 1e-9;

/** Of texts, none of which is null, one that is sorted letter by letter. */
export function joined(...texts: readonly Prisma.Sql[]): Prisma.Sql {
  return Prisma.sql`(${Prisma.join([...texts], ` || ' ' || `)}) COLLATE "C"`;
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
 * The finished runs that match, with `runs`, how many each stands for, and `group`, equal for what is equal `within`
 * (left out where that is nothing). Equal networks count once: of those that one model gave under equal conditions the
 * first counts that was measured in the metrics, or in most of them, and not the one that happened to be timed as the
 * fastest. By predicted time alone a network counts once for each device.
 */
export function differentRuns(
  metrics: readonly CompressionMetric[],
  { reach, filter, columns, within = [], condition }: Asked,
): Prisma.Sql {
  const finished = Prisma.sql`r."state" = 'finished' AND p."runId" IS NOT NULL`;
  const equal: Readonly<Record<string, Prisma.Sql>> = {
    ...(within.length > 0 ? { group: joined(...within) } : {}),
    network: Prisma.sql`coalesce(${RUN.networkHash}, ${RUN.id}) COLLATE "C"`,
    conditions: Prisma.sql`c."conditions"`,
    images: Prisma.sql`coalesce(p."images", 0)`,
    decoding: Prisma.sql`p."decoding"`,
    evaluator: RUN.evaluator,
    ...(metrics.join() === 'predicted' ? { device: RUN.profile } : {}),
  };
  const names = Object.keys(equal).map((name) => Prisma.raw(`i."${name}"`));
  const each = Object.entries(equal).map(
    ([name, value]) => Prisma.sql`${value} AS ${Prisma.raw(`"${name}"`)}`,
  );
  // OFFSET 0: each column is worked out once for each run. Counted in the order of the runs: sorted once.
  return Prisma.sql`
    SELECT DISTINCT ON (${Prisma.join(names)}) i.*, count(*) OVER (PARTITION BY ${Prisma.join(names)}
      ORDER BY i."unmeasured", i."id" ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS "runs"
    FROM (
      WITH given AS MATERIALIZED (${given(reach)})
      SELECT ${RUN.id} AS "id", ${Prisma.join(each)},
        num_nulls(${Prisma.join(metrics.map((metric) => RATIO[metric]))}) AS "unmeasured", ${columns}
      FROM ${RUN_TABLES} JOIN given c ON c."id" = e."id"
      WHERE ${every(runCondition(reach, filter), finished, condition ?? null)} OFFSET 0
    ) i
    ORDER BY ${Prisma.join(names)}, i."unmeasured", i."id"`;
}
