import type { Spread } from '@espalier/comparison';
import { Prisma } from '@espalier/store';
import { requireRole } from '../access/viewer.ts';
import { readSetting } from '../compare/setting.ts';
import type { Asked } from '../graphql/context.ts';
import { rowsOf } from '../query/sql.ts';
import type { RunFilter } from '../runs/run-filter.ts';
import { IS_USUAL, RATIO, RUN, RUN_TABLES } from '../runs/run-tables.ts';
import { differentRuns, GROUND, joined, STRATEGY } from './different.ts';

/** Groups that are answered. */
export const MOST_GROUPS = 1000;

export const SUMMARY_KEYS = ['model', 'dataset', 'strategy', 'target', 'project'] as const;
export type SummaryKey = (typeof SUMMARY_KEYS)[number];

interface Key {
  /** The same for runs of one group; never null. */
  readonly equal: Prisma.Sql;
  /** What any run of a group says of it. */
  readonly told: readonly (keyof typeof RUN & keyof Row)[];
  /** What groups are ordered by, if that is not what they are told by. */
  readonly order?: readonly Prisma.Sql[];
}

const KEYS: Readonly<Record<SummaryKey, Key>> = {
  model: { equal: RUN.modelId, told: ['model', 'modelId'] },
  dataset: { equal: RUN.datasetId, told: ['dataset', 'datasetId'] },
  strategy: {
    equal: STRATEGY,
    told: ['setting', 'allocation', 'criterion'],
    // The usual one first. A setting has also a target, so it comes last.
    order: [
      ...[RUN.allocation, RUN.criterion, RUN.repair, Prisma.sql`NOT (${IS_USUAL})`],
      ...[Prisma.sql`r."ownSetting"`, RUN.setting],
    ],
  },
  target: { equal: joined(RUN.metric, Prisma.sql`${RUN.share}::text`), told: ['metric', 'share'] },
  project: { equal: RUN.projectId, told: ['project', 'projectId'] },
};

/** The better of two is the larger one, but of drops. */
const VALUES = {
  top1: RUN.top1,
  drop: RUN.valueDrop,
  ...RATIO,
} as const satisfies Record<string, Prisma.Sql>;
type ValueName = keyof typeof VALUES;
export const VALUE_NAMES = Object.keys(VALUES) as ValueName[];

/** Over the different networks of a group. */
export interface SummaryValue extends Spread {
  readonly best: number;
  /** Null if it was not asked for. */
  readonly bestRunId: string | null;
}

/** Runs that are equal in what was asked for; null in what was not. */
export interface SummaryGroup {
  readonly model: string | null;
  readonly modelId: string | null;
  readonly dataset: string | null;
  readonly datasetId: string | null;
  readonly project: string | null;
  readonly projectId: string | null;
  readonly metric: string | null;
  readonly share: number | null;
  readonly strategy: {
    readonly key: string;
    readonly name: string;
    readonly allocation: string;
    readonly criterion: string;
  } | null;
  readonly runs: number;
  readonly networks: number;
  /** Different ones of what must be equal before values are compared. */
  readonly grounds: number;
  /** Different device profiles by which times are predicted; 0 where it was not asked for. */
  readonly profiles: number;
  /** By what all of them are judged; null if that differs. */
  readonly qualityMetric: string | null;
  readonly values: Readonly<Record<ValueName, SummaryValue | null>>;
}

export interface Summary {
  /** Of all groups, also those that are left out. */
  readonly groupCount: number;
  /** At most {@link MOST_GROUPS}. */
  readonly groups: readonly SummaryGroup[];
}

type Row = Omit<SummaryGroup, 'strategy' | 'values'> & {
  readonly setting?: string;
  readonly allocation?: string;
  readonly criterion?: string;
  readonly groupCount: number;
} & Readonly<Partial<Record<ValueName, SummaryValue | null>>>;

export interface SummaryQuery {
  readonly by: readonly SummaryKey[];
  readonly filter: RunFilter;
  /** Names of what is asked for: values, and `bestRun`. Others are null. Default: all of them. */
  readonly asked?: Pick<ReadonlySet<string>, 'has'>;
}

const EVERYTHING = { has: () => true };

/** Finished runs in groups, by the names of what is equal in them: one statement, worked out by the database. */
export async function summarise(
  { viewer, database }: Asked,
  { by, filter, asked = EVERYTHING }: SummaryQuery,
): Promise<Summary> {
  const reach = requireRole(viewer, 'viewer');
  const keys = SUMMARY_KEYS.filter((key) => by.includes(key)).map((key) => KEYS[key]);
  const values = VALUE_NAMES.filter((name) => asked.has(name));
  // Device profiles are asked only where times by them are.
  const withTime = asked.has('predicted') || asked.has('profiles');
  const columns = Prisma.join([
    // Of equally good ones the more accurate is the best.
    ...[...new Set<ValueName>(['top1', ...values])].map((name) => named(VALUES[name], `value_${name}`)),
    named(GROUND, 'ground'),
    ...(withTime ? [named(RUN.profile, 'profile')] : []),
    named(RUN.qualityMetric, 'judged'),
  ]);
  const names = keys.flatMap(({ told }) => told.map((name) => named(RUN[name], name)));
  const order = keys.flatMap(({ told, order = told.map((name) => RUN[name]) }) => order);
  const [grouped, ordered] =
    keys.length > 0
      ? [Prisma.sql`GROUP BY x."group"`, Prisma.sql`ORDER BY ${Prisma.join(order)}`]
      : [Prisma.sql`HAVING count(*) > 0`, Prisma.empty];
  const rows = await rowsOf<Row>(
    database.pool,
    Prisma.sql`
      SELECT ${Prisma.join([...names, Prisma.sql`y.*`])}, count(*) OVER ()::int AS "groupCount"
      FROM (
        SELECT ${Prisma.join([...values.map((name) => spread(name, asked.has('bestRun'))), named(ANY, 'one')])},
          sum(x."runs")::int AS "runs", count(*)::int AS "networks", count(DISTINCT x."ground")::int AS "grounds",
          ${withTime ? Prisma.sql`count(DISTINCT x."profile")::int` : Prisma.sql`0`} AS "profiles",
          CASE WHEN min(x."judged") = max(x."judged") THEN min(x."judged") END AS "qualityMetric"
        FROM (${differentRuns(['latency', ...(withTime ? (['predicted'] as const) : [])], { reach, filter, columns, within: keys.map(({ equal }) => equal) })}) x
        ${grouped}
      ) y JOIN ${RUN_TABLES} ON ${RUN.id} = y."one" AND r."teamId" = ${reach.teamId}
      ${ordered} LIMIT ${MOST_GROUPS}`,
  );
  return { groupCount: rows[0]?.groupCount ?? 0, groups: rows.map(groupOf) };
}

function groupOf(row: Row): SummaryGroup {
  const { model, modelId, dataset, datasetId, project, projectId, metric, share, ...rest } = row;
  const { runs, networks, grounds, profiles, qualityMetric } = rest;
  const none = null;
  return {
    ...{
      model: model ?? none,
      modelId: modelId ?? none,
      dataset: dataset ?? none,
      datasetId: datasetId ?? none,
    },
    ...{
      project: project ?? none,
      projectId: projectId ?? none,
      metric: metric ?? none,
      share: share ?? none,
    },
    strategy: strategyOf(rest),
    ...{ runs, networks, grounds, profiles, qualityMetric },
    values: {
      ...valuesOf(row),
      // Accuracies of other networks, or on other images, have no mean.
      ...(grounds === 1 ? {} : { top1: null }),
      // Nor have times on two devices,
      ...(profiles > 1 ? { predicted: null } : {}),
      // nor drops by two metrics.
      ...(qualityMetric === null ? { drop: null } : {}),
    },
  };
}

function valuesOf(row: Row): SummaryGroup['values'] {
  const { top1 = null, drop = null, params = null, macs = null, bytes = null } = row;
  const { latency = null, throughput = null, predicted = null } = row;
  return { top1, drop, params, macs, bytes, latency, throughput, predicted };
}

function strategyOf({
  setting,
  allocation = '',
  criterion = '',
}: Pick<Row, 'setting' | 'allocation' | 'criterion'>) {
  if (setting === undefined) return null;
  const { strategyKey: key, name } = readSetting(setting);
  return { key, name, allocation, criterion };
}

/** Any run of a group. */
const ANY = Prisma.sql`min(x."id")`;

/** @param withBest also its run: of equally good ones the more accurate, then the earlier */
function spread(name: ValueName, withBest: boolean): Prisma.Sql {
  const value = Prisma.raw(`x."value_${name}"`);
  const [best, way] =
    name === 'drop' ? [Prisma.raw('min'), Prisma.raw('ASC')] : [Prisma.raw('max'), Prisma.raw('DESC')];
  const order = Prisma.sql`${value} ${way}, x."value_top1" DESC NULLS LAST, x."id"`;
  const run = Prisma.sql`(array_agg(x."id" ORDER BY ${order}) FILTER (WHERE ${value} IS NOT NULL))[1]`;
  return named(
    Prisma.sql`CASE WHEN count(${value}) > 0 THEN json_build_object(
      'n', count(${value}), 'mean', avg(${value}), 'deviation', stddev_samp(${value}), 'best', ${best}(${value}),
      'bestRunId', ${withBest ? run : Prisma.sql`NULL`}) END`,
    name,
  );
}

function named(value: Prisma.Sql, name: string): Prisma.Sql {
  return Prisma.sql`${value} AS ${Prisma.raw(`"${name}"`)}`;
}
