import type { CompressionMetric } from '@espalier/comparison';
import { type AnyMetric, metricBy } from '@espalier/engines';
import { Prisma } from '@espalier/store';
import { requireRole } from '../access/viewer.ts';
import type { Context } from '../graphql/context.ts';
import { rowsOf } from '../query/sql.ts';
import type { RunFilter } from '../runs/run-filter.ts';
import { RATIO, RUN } from '../runs/run-tables.ts';
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
  const columns = Prisma.sql`${RATIO[cost]} AS "ratio", ${RUN.valueDrop} AS "drop", ${groundOf(cost)} AS "ground",
    ${RUN.qualityMetric} AS "judged"`;
  const [row] = await rowsOf<Row>(
    database.pool,
    Prisma.sql`
      WITH different AS MATERIALIZED (
        SELECT x."id", x."ratio", x."drop", x."ground", x."judged", x."runs"
        FROM (${differentRuns([cost], { reach, filter, columns })}) x
      ),
      judged AS (
        SELECT "judged" AS "name", sum("runs")::int AS "runs" FROM different GROUP BY 1 ORDER BY 2 DESC, 1
      ),
      chosen AS (SELECT coalesce(${asked}, (SELECT "name" FROM judged LIMIT 1), 'top1') AS "name"),
      known AS MATERIALIZED (
        -- Values are counts or means over images: what differs by less than this is equal.
        SELECT x."id", x."ratio", x."drop", x."ground", x."runs",
          CASE WHEN abs(x."drop") < 1e6 THEN round(x."drop" * 1e9) / 1e9 ELSE x."drop" END AS "lost"
        FROM different x
        WHERE x."judged" = (SELECT "name" FROM chosen) AND x."ratio" IS NOT NULL AND x."drop" IS NOT NULL
      ),
      -- No run of a larger ratio lost as little.
      unbeaten AS (
        SELECT y.*, min("lost") OVER (PARTITION BY "ratio") AS "least"
        FROM (
          SELECT "id", "ratio", "drop", "lost",
            min("lost") OVER (ORDER BY "ratio" DESC GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS "before"
          FROM known
        ) y
        WHERE y."before" IS NULL OR y."lost" < y."before"
      ),
      front AS (
        SELECT "id", "ratio", "drop", count(*) OVER ()::int AS "count" FROM unbeaten WHERE "lost" = "least"
        ORDER BY "ratio" DESC, "id" LIMIT ${MOST_POINTS}
      )
      SELECT (SELECT "name" FROM chosen) AS "chosen",
        coalesce((SELECT json_agg(judged) FROM judged), '[]') AS "judged",
        coalesce((SELECT json_agg(front) FROM front), '[]') AS "front",
        count(*)::int AS "networks", coalesce(sum("runs"), 0)::int AS "known",
        (SELECT count(*)::int FROM (SELECT DISTINCT "ground" FROM known) g) AS "grounds"
      FROM known`,
  );
  const { chosen = 'top1', judged = [], front = [], networks = 0, known = 0, grounds = 0 } = row ?? {};
  return {
    points: front.map(({ id, ratio, drop }) => ({ id, ratio, drop })),
    qualityMetric: metricBy(chosen),
    judged: judged.map(({ name, runs }) => ({ qualityMetric: metricBy(name), runs })),
    ...{ count: front[0]?.count ?? 0, networks, grounds },
    unknown: (judged.find(({ name }) => name === chosen)?.runs ?? 0) - known,
  };
}

/** Runs and points are read together: the metric of most runs is known no sooner than all runs are read. */
interface Row extends Pick<Front, 'networks' | 'grounds'> {
  readonly chosen: string;
  readonly judged: readonly { readonly name: string; readonly runs: number }[];
  readonly front: readonly (FrontPoint & { readonly count: number })[];
  readonly known: number;
}
