import { METRICS } from '@espalier/engines';
import { Prisma } from '@espalier/store';

const LOWER_IS_BETTER = Object.values(METRICS).flatMap(({ name, direction }) =>
  direction === 'lower' ? [name] : [],
);

/** The metric of an experiment; null in the column is top-1. */
export function metricOf(column: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`coalesce(${column}, 'top1')`;
}

/** How outputs count, as text; null if they count alike. One of weight 1 counts like one that is not named. */
export function weightsText(column: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`CASE WHEN ${column} IS NOT NULL THEN (
    SELECT jsonb_object_agg(w."key", w."value")::text FROM jsonb_each(${column}) w WHERE w."value" <> '1') END`;
}

/**
 * What the unpruned network is worth by a metric: beside itself, or by the columns of its evaluation; by one of another
 * tool as that was told.
 */
export function baseValue(
  metric: Prisma.Sql,
  evaluation: Readonly<Record<'top1' | 'top5' | 'loss' | 'foreign', Prisma.Sql>>,
) {
  const cases = Object.values(METRICS).map(({ name, unchanged }) => {
    const value =
      name === 'top1' || name === 'top5' || name === 'loss'
        ? evaluation[name]
        : Prisma.sql`${unchanged}::float8`;
    return Prisma.sql`WHEN ${name} THEN ${value}`;
  });
  return Prisma.sql`(CASE ${metric} ${Prisma.join(cases, ' ')} ELSE ${evaluation.foreign} END)`;
}

/** How much worse than the unpruned network a value is. */
export function dropOf(metric: Prisma.Sql, base: Prisma.Sql, value: Prisma.Sql): Prisma.Sql {
  return dropBy(isLowerBetter(metric), base, value);
}

/** The same of the points of a sampling run `s`, which may be of another tool's metric. */
export function sampledDrop(base: Prisma.Sql, value: Prisma.Sql): Prisma.Sql {
  const here = isLowerBetter(Prisma.sql`s."qualityMetric"`);
  const lower = Prisma.sql`coalesce(s."externalMetric"->>'direction' = 'lower', ${here})`;
  return dropBy(lower, base, value);
}

function dropBy(lower: Prisma.Sql, base: Prisma.Sql, value: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`(CASE WHEN ${lower} THEN (${value}) - (${base}) ELSE (${base}) - (${value}) END)`;
}

/** Whether less is better by the metric of a column, which of another tool's its key says; null in it is top-1. */
function isLowerBetter(metric: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`coalesce(${metric} IN (${Prisma.join(LOWER_IS_BETTER)}) OR (${metric} LIKE '%:lower:%' AND ${metric} ~ ':lower:[a-z]+$'), false)`;
}
