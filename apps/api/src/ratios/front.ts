import type { CompressionMetric } from '@espalier/comparison';
import { type AnyMetric, metricBy } from '@espalier/engines';
import { Prisma } from '@espalier/store';
import type { Reach } from '../access/reach.ts';
import { requireRole } from '../access/viewer.ts';
import type { Context } from '../graphql/context.ts';
import { every, rowsOf } from '../query/sql.ts';
import { type RunFilter, runCondition } from '../runs/run-filter.ts';
import { RATIO, RUN, RUN_TABLES } from '../runs/run-tables.ts';
import { differentRuns, groundOf } from './different.ts';

/** Points that are answered: where many networks are equally good, all of them are on the front. */
export const MOST_POINTS = 1000;

interface FrontPoint {
  readonly id: string;
  /** In the cost. */
  readonly ratio: number;
  readonly drop: number;
}

/** Finished runs that are judged by a metric. */
interface JudgedRuns {
  readonly qualityMetric: AnyMetric;
  readonly runs: number;
}

export interface Front {
  /** That its drops are by. */
  readonly qualityMetric: AnyMetric;
  /** Of all that match, whatever they are judged by: that of most runs first. */
  readonly judged: readonly JudgedRuns[];
  /** The largest ratio first, at most {@link MOST_POINTS}. */
  readonly points: readonly FrontPoint[];
  /** Points, also those that are left out. */
  readonly count: number;
  /** Different ones that were looked at: those of which ratio and drop are known. */
  readonly networks: number;
  readonly grounds: number;
  /** Runs by the metric of which ratio or drop are not known. */
  readonly unknown: number;
}

/**
 * The finished runs by one quality metric (null: by which most of them are judged) that no other one beats: none is at least as good in ratio and drop, and better in one. Each stands
 * against its own base, so that models of different size meet. Equal points stand together; equal networks count once.
 */
export async function frontOf(
  { viewer, database }: Pick<Context, 'viewer' | 'database'>,
  filter: RunFilter,
  cost: CompressionMetric,
  asked: string | null,
): Promise<Front> {
  const reach = requireRole(viewer, 'viewer');
  const judged = await judgedBy(database.pool, reach, filter);
  const qualityMetric = asked ?? judged[0]?.qualityMetric.name ?? 'top1';
  const columns = Prisma.sql`${RATIO[cost]} AS "ratio", ${RUN.valueDrop} AS "drop", ${groundOf(cost)} AS "ground"`;
  const condition = Prisma.sql`${RUN.qualityMetric} = ${qualityMetric}`;
  const rows = await rowsOf<
    FrontPoint & Pick<Front, 'count' | 'networks' | 'grounds'> & { readonly known: number }
  >(
    database.pool,
    Prisma.sql`
      WITH known AS MATERIALIZED (
        -- Values are counts or means over images: what differs by less than this is equal.
        SELECT x."id", x."ratio", x."drop", x."ground", x."runs", round(x."drop"::numeric, 9) AS "lost"
        FROM (${differentRuns([cost], { reach, filter, columns, condition })}) x
        WHERE x."ratio" IS NOT NULL AND x."drop" IS NOT NULL
      )
      SELECT y."id", y."ratio", y."drop", count(*) OVER ()::int AS "count",
        (SELECT count(*)::int FROM known) AS "networks",
        (SELECT sum("runs")::int FROM known) AS "known",
        (SELECT count(DISTINCT "ground")::int FROM known) AS "grounds"
      FROM (
        SELECT known.*,
          min("lost") OVER (ORDER BY "ratio" DESC GROUPS UNBOUNDED PRECEDING) AS "least",
          min("lost") OVER (ORDER BY "ratio" DESC GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS "before"
        FROM known
      ) y
      WHERE y."lost" = y."least" AND (y."before" IS NULL OR y."lost" < y."before")
      ORDER BY y."ratio" DESC, y."id" LIMIT ${MOST_POINTS}`,
  );
  const { count = 0, networks = 0, grounds = 0, known = 0 } = rows[0] ?? {};
  const own = judged.find((each) => each.qualityMetric.name === qualityMetric);
  return {
    points: rows.map(({ id, ratio, drop }) => ({ id, ratio, drop })),
    ...{ qualityMetric: metricBy(qualityMetric), judged, count, networks, grounds },
    unknown: (own?.runs ?? 0) - known,
  };
}

/** How many finished runs are judged by each metric. */
async function judgedBy(
  pool: Context['database']['pool'],
  reach: Reach,
  filter: RunFilter,
): Promise<JudgedRuns[]> {
  const rows = await rowsOf<{ readonly name: string; readonly runs: number }>(
    pool,
    Prisma.sql`
      SELECT ${RUN.qualityMetric} AS "name", count(*)::int AS "runs" FROM ${RUN_TABLES}
      WHERE ${every(runCondition(reach, filter), Prisma.sql`r."state" = 'finished' AND p."runId" IS NOT NULL`)}
      GROUP BY 1 ORDER BY 2 DESC, 1`,
  );
  return rows.map(({ name, runs }) => ({ qualityMetric: metricBy(name), runs }));
}
