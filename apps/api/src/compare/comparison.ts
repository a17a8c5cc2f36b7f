import { Prisma } from '@espalier/store';
import DataLoader from 'dataloader';
import { requireRole } from '../access/viewer.ts';
import { graphQLError } from '../errors.ts';
import type { Asked } from '../graphql/context.ts';
import { rowsOf } from '../query/sql.ts';
import { type RunFilter, runCondition } from '../runs/run-filter.ts';
import { type RunOrder, runSorting } from '../runs/run-order.ts';
import { RUN, RUN_TABLES } from '../runs/run-tables.ts';
import { type ColumnName, columnsBehind, selected, toldBy } from './columns.ts';

export const MOST_ROWS = 20_000;

type Values = readonly unknown[];

/** All matching runs as columns. What is asked for in one tick is read by one statement, and nothing else. */
export interface Comparison {
  /** Of all that match, also those that are left out. */
  count(): Promise<number>;
  /** In the order of the runs, as long as every other column. */
  column(name: ColumnName): Promise<Values>;
  /** How many runs the columns have at most. */
  readonly most: number;
}

/** @throws {GraphQLError} BAD_USER_INPUT for more rows than are given */
export function compareRuns(
  { viewer, database }: Asked,
  filter: RunFilter,
  order: RunOrder | null,
  most: number,
): Comparison {
  const self = requireRole(viewer, 'viewer');
  if (most < 1 || most > MOST_ROWS) {
    throw graphQLError('BAD_USER_INPUT', `most is from 1 to ${MOST_ROWS}, not ${most}`);
  }
  const ordered = orderedBy(order);
  const loader = new DataLoader<ColumnName | 'count', number | Values>(async (names) => {
    const columns = names.filter((name) => name !== 'count');
    const matching = Prisma.sql`FROM ${RUN_TABLES} WHERE ${runCondition(self, filter)}`;
    const parts = names.map((name) =>
      Prisma.raw(
        name === 'count'
          ? 'coalesce(max(t."count"), 0)::int AS "count"'
          : `coalesce(json_agg(t."${name}"), '[]') AS "${name}"`,
      ),
    );
    const list = columns.length > 0 ? Prisma.sql`, ${selected(columns)}` : Prisma.empty;
    // Which ones is settled by few columns; the others are worked out of those only, and not sorted with them.
    // json_agg goes through the rows as they come: in the order of the statement within.
    const [row] = await rowsOf<Readonly<Record<string, number | Values>>>(
      database.pool,
      Prisma.sql`
        SELECT ${Prisma.join(parts)} FROM (
          SELECT c."count" ${list} FROM (
            SELECT ${RUN.id} AS "id", count(*) OVER () AS "count" ${matching} ORDER BY ${ordered} LIMIT ${most}
          ) c JOIN ${RUN_TABLES} ON ${RUN.id} = c."id" AND r."teamId" = ${self.teamId} ORDER BY ${ordered}
        ) t`,
    );
    return names.map((name) => row?.[name] ?? []);
  });
  return {
    most,
    count: async () => Number(await loader.load('count')),
    column: async (name) => {
      const by = toldBy(name);
      const behind = columnsBehind([name]).map((each) => loader.load(each) as Promise<Values>);
      const [values = [], seeds] = await Promise.all(behind);
      return by ? values.map((setting, run) => by(setting, seeds?.[run])) : values;
    },
  };
}

/** As lists are: unknown values last, equal ones by their ids. */
export function orderedBy(order: RunOrder | null): Prisma.Sql {
  const { value, direction } = runSorting(order);
  const way = Prisma.raw(direction);
  return value ? Prisma.sql`${value} ${way} NULLS LAST, ${RUN.id} ${way}` : Prisma.sql`${RUN.id} ${way}`;
}
