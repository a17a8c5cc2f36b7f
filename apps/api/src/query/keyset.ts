import { Prisma } from '@espalier/store';
import type pg from 'pg';
import { graphQLError } from '../errors.ts';
import { type Connection, type PageArgs, sizeOf } from '../graphql/connection.ts';
import { type Place, readCursor, writeCursor } from './cursor.ts';
import type { Sorting } from './sorting.ts';
import { every, rowsOf } from './sql.ts';

/** Where pages come from. */
export interface Source {
  readonly select: Prisma.Sql;
  /** Tables and joins. */
  readonly from: Prisma.Sql;
  readonly where: Prisma.Sql;
  /** Unique. */
  readonly id: Prisma.Sql;
}

/** What of it a filter keeps. */
export function narrowed(source: Source, condition: Prisma.Sql): Source {
  return { ...source, where: every(source.where, condition) };
}

/** What lists are of, each with a separate page. */
export interface Parents {
  readonly ids: readonly string[];
  /** Whether a row of the list is of the parent with this id. */
  readonly of: (id: Prisma.Sql) => Prisma.Sql;
}

/** Rows that one statement reads under all parents together. */
const MOST_ROWS = 20_000;

/**
 * A page in any order. Unknown values come last in both directions, equal ones in the order of their ids, so every
 * row has one place, and a cursor is that place: a row that goes or comes meanwhile moves no other. Read from its end
 * the list is the same.
 *
 * @throws {GraphQLError} BAD_USER_INPUT for a bad length, or a cursor of another list or order
 */
export async function keysetPage<T extends object>(
  pool: pg.Pool,
  args: PageArgs,
  source: Source,
  sorting: Sorting,
): Promise<Connection<T>> {
  const { from, where } = source;
  const page = reading(args, source, sorting);
  return connectionOf(page, await rowsOf<Found<T>>(pool, page.statement), sorting, {
    async isThere(condition) {
      const statement = Prisma.sql`SELECT 1 FROM ${from} WHERE ${every(where, condition)} LIMIT 1`;
      return (await rowsOf(pool, statement)).length > 0;
    },
    async count() {
      const statement = Prisma.sql`SELECT count(*)::int AS count FROM ${from} WHERE ${where}`;
      const [row] = await rowsOf<{ count: number }>(pool, statement);
      return row?.count ?? 0;
    },
  });
}

/**
 * The same page of each parent's list, in the order of their ids: one statement for the rows of all of them, and one
 * for all counts where somebody asks for one.
 *
 * @throws {GraphQLError} as {@link keysetPage}, and where there are too many rows under all parents together
 */
export async function keysetPages<T extends object>(
  pool: pg.Pool,
  args: PageArgs,
  { where, ...source }: Source,
  sorting: Sorting,
  { ids, of }: Parents,
): Promise<Connection<T>[]> {
  const own = { ...source, where: every(where, of(Prisma.sql`parent."id"`)) };
  const page = reading(args, own, sorting);
  if (ids.length * page.take > MOST_ROWS) {
    throw graphQLError(
      'BAD_USER_INPUT',
      `${page.take} under each of ${ids.length} are more than are read at once: ask for fewer of either (first)`,
      ['first'],
    );
  }
  const parents = Prisma.sql`unnest(${[...ids]}::text[]) WITH ORDINALITY AS parent("id", "place")`;
  const found = await rowsOf<Found<T> & { parentPlace: number }>(
    pool,
    Prisma.sql`
      SELECT parent."place"::int AS "parentPlace", v.* FROM ${parents}
      CROSS JOIN LATERAL (SELECT q.*, row_number() OVER ()::int AS "rowPlace" FROM (${page.statement}) q) v
      ORDER BY parent."place", v."rowPlace"`,
  );
  const rows = ids.map((): Found<T>[] => []);
  for (const row of found) rows[row.parentPlace - 1]?.push(row);
  const asked = { from: source.from, where: own.where, parents };
  const counts = once(() => countsOf(pool, asked));
  const there = new Map<Prisma.Sql, () => Promise<Set<number>>>();
  return rows.map((some, at) =>
    connectionOf(page, some, sorting, {
      count: async () => (await counts()).get(at + 1) ?? 0,
      async isThere(condition) {
        const look = there.get(condition) ?? once(() => whereThere(pool, asked, condition));
        there.set(condition, look);
        return (await look()).has(at + 1);
      },
    }),
  );
}

type Asked = Pick<Source, 'from' | 'where'> & { readonly parents: Prisma.Sql };

async function countsOf(pool: pg.Pool, { from, where, parents }: Asked): Promise<Map<number, number>> {
  const rows = await rowsOf<{ place: number; count: number }>(
    pool,
    Prisma.sql`
      SELECT parent."place"::int AS "place", v."count" FROM ${parents}
      CROSS JOIN LATERAL (SELECT count(*)::int AS "count" FROM ${from} WHERE ${where}) v`,
  );
  return new Map(rows.map(({ place, count }) => [place, count]));
}

async function whereThere(
  pool: pg.Pool,
  { from, where, parents }: Asked,
  condition: Prisma.Sql,
): Promise<Set<number>> {
  const rows = await rowsOf<{ place: number }>(
    pool,
    Prisma.sql`
      SELECT parent."place"::int AS "place" FROM ${parents}
      WHERE EXISTS (SELECT 1 FROM ${from} WHERE ${every(where, condition)})`,
  );
  return new Set(rows.map(({ place }) => place));
}

/** What is asked for by several is done at the first. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
  let done: Promise<T> | undefined;
  return () => {
    done ??= work();
    return done;
  };
}

type Found<T> = T & { readonly cursorValue: string | null; readonly cursorId: string };

/** How a page is read: one row more than it has, from its end where it is read backwards. */
interface Reading {
  readonly statement: Prisma.Sql;
  readonly take: number;
  readonly backwards: boolean;
  /** What the cursors leave out at each end; null if there is none. */
  readonly cutBefore: Prisma.Sql | null;
  readonly cutBehind: Prisma.Sql | null;
}

function reading(args: PageArgs, { select, from, where, id }: Source, sorting: Sorting): Reading {
  const { take, backwards } = sizeOf(args);
  const after = readCursor('after', args.after, sorting);
  const before = readCursor('before', args.before, sorting);
  const behindIt = after && behind(after, id, sorting);
  const aheadOfIt = before && ahead(before, id, sorting);
  const value = sorting.value ?? Prisma.sql`NULL::text`;
  const statement = Prisma.sql`
    SELECT ${select}, (${value})::text AS "cursorValue", ${id} AS "cursorId" FROM ${from}
    WHERE ${every(where, behindIt, aheadOfIt)} ORDER BY ${inOrder(id, sorting, backwards)} LIMIT ${take + 1}`;
  const cutBefore = behindIt && Prisma.sql`NOT (${behindIt})`;
  const cutBehind = aheadOfIt && Prisma.sql`NOT (${aheadOfIt})`;
  return { statement, take, backwards, cutBefore, cutBehind };
}

function connectionOf<T extends object>(
  { take, backwards, cutBefore, cutBehind }: Reading,
  found: readonly Found<T>[],
  sorting: Sorting,
  {
    isThere,
    count,
  }: {
    readonly isThere: (condition: Prisma.Sql) => Promise<boolean>;
    readonly count: () => Promise<number>;
  },
): Connection<T> {
  const rows = found.slice(0, take);
  if (backwards) rows.reverse();
  const more = found.length > take;
  const edges = rows.map((node) => ({
    node,
    cursor: writeCursor(sorting, { value: node.cursorValue, id: node.cursorId }),
  }));
  return {
    edges,
    // What a cursor cut off is on its other side.
    hasNextPage: () => (!backwards && more) || (cutBehind !== null && isThere(cutBehind)),
    hasPreviousPage: () => (backwards && more) || (cutBefore !== null && isThere(cutBefore)),
    count,
  };
}

/** Turned round as a whole it is the same list from its end. */
function inOrder(id: Prisma.Sql, { value, direction }: Sorting, backwards: boolean): Prisma.Sql {
  const way = Prisma.raw((direction === 'asc') === backwards ? 'DESC' : 'ASC');
  const unknown = Prisma.raw(backwards ? 'FIRST' : 'LAST');
  return Prisma.sql`${value ? Prisma.sql`${value} ${way} NULLS ${unknown}, ` : Prisma.empty}${id} ${way}`;
}

/** What comes after a place. */
function behind(place: Place, id: Prisma.Sql, sorting: Sorting): Prisma.Sql {
  const { value } = sorting;
  const later = Prisma.sql`${id} ${sign(sorting, true)} ${place.id}`;
  if (!value) return later;
  if (place.value === null) return Prisma.sql`((${value}) IS NULL AND ${later})`;
  return Prisma.sql`((${value}) IS NULL OR ${beyond(place, later, sorting, true)})`;
}

/** What comes before a place. */
function ahead(place: Place, id: Prisma.Sql, sorting: Sorting): Prisma.Sql {
  const { value } = sorting;
  const earlier = Prisma.sql`${id} ${sign(sorting, false)} ${place.id}`;
  if (!value) return earlier;
  if (place.value === null) return Prisma.sql`((${value}) IS NOT NULL OR ${earlier})`;
  return Prisma.sql`((${value}) IS NOT NULL AND ${beyond(place, earlier, sorting, false)})`;
}

/** Among known values. */
function beyond(place: Place, tie: Prisma.Sql, sorting: Sorting, on: boolean): Prisma.Sql {
  const here = Prisma.sql`${place.value}::${Prisma.raw(sorting.type)}`;
  return Prisma.sql`((${sorting.value}) ${sign(sorting, on)} ${here} OR ((${sorting.value}) = ${here} AND ${tie}))`;
}

function sign({ direction }: Sorting, on: boolean): Prisma.Sql {
  return Prisma.raw((direction === 'asc') === on ? '>' : '<');
}
