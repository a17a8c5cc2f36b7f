import type { CompressionMetric } from '@espalier/comparison';
import type { MetricName } from '@espalier/engines';
import { Prisma } from '@espalier/store';
import { requireRole } from '../access/viewer.ts';
import type { Context } from '../graphql/context.ts';
import { rowsOf } from '../query/sql.ts';
import type { RunFilter } from '../runs/run-filter.ts';
import { RATIO, RUN } from '../runs/run-tables.ts';
import { differentRuns, GROUND } from './different.ts';

/** Points that are answered: where many networks are equally good, all of them are on the front. */
export const MOST_POINTS = 1000;

interface FrontPoint {
  readonly id: string;
  /** In the cost. */
  readonly ratio: number;
  readonly drop: number;
}

export interface Front {
  /** The largest ratio first, at most {@link MOST_POINTS}. */
  readonly points: readonly FrontPoint[];
  /** Points, also those that are left out. */
  readonly count: number;
  /** Different ones that were looked at: those of which ratio and drop are known. */
  readonly networks: number;
  readonly grounds: number;
}

/**
 * The finished runs by one quality metric that no other one beats: none is at least as good in ratio and drop, and better in one. Each stands
 * against its own base, so that models of different size meet. Equal points stand together; equal networks count once.
 */
export async function frontOf(
  { viewer, database }: Pick<Context, 'viewer' | 'database'>,
  filter: RunFilter,
  cost: CompressionMetric,
  qualityMetric: MetricName,
): Promise<Front> {
  const reach = requireRole(viewer, 'viewer');
  const columns = Prisma.sql`${RATIO[cost]} AS "ratio", ${RUN.valueDrop} AS "drop", ${GROUND} AS "ground"`;
  const condition = Prisma.sql`${RUN.qualityMetric} = ${qualityMetric}`;
  const rows = await rowsOf<FrontPoint & Pick<Front, 'count' | 'networks' | 'grounds'>>(
    database.pool,
    Prisma.sql`
      WITH known AS MATERIALIZED (
        -- Values are counts or means over images: what differs by less than this is equal.
        SELECT x."id", x."ratio", x."drop", x."ground", round(x."drop"::numeric, 9) AS "lost"
        FROM (${differentRuns(cost, { reach, filter, columns, condition })}) x
        WHERE x."ratio" IS NOT NULL AND x."drop" IS NOT NULL
      )
      SELECT y."id", y."ratio", y."drop", count(*) OVER ()::int AS "count",
        (SELECT count(*)::int FROM known) AS "networks",
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
  const { count = 0, networks = 0, grounds = 0 } = rows[0] ?? {};
  return { points: rows.map(({ id, ratio, drop }) => ({ id, ratio, drop })), count, networks, grounds };
}
