import { Prisma } from '@espalier/store';
import type pg from 'pg';
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
  { select, from, where, id }: Source,
  sorting: Sorting,
): Promise<Connection<T>> {
  const { take, backwards } = sizeOf(args);
  const after = readCursor('after', args.after, sorting);
  const before = readCursor('before', args.before, sorting);
  const behindIt = after && behind(after, id, sorting);
  const aheadOfIt = before && ahead(before, id, sorting);
  const value = sorting.value ?? Prisma.sql`NULL::text`;
  const found = await rowsOf<T & { cursorValue: string | null; cursorId: string }>(
    pool,
    Prisma.sql`
      SELECT ${select}, (${value})::text AS "cursorValue", ${id} AS "cursorId" FROM ${from}
      WHERE ${every(where, behindIt, aheadOfIt)} ORDER BY ${inOrder(id, sorting, backwards)} LIMIT ${take + 1}`,
  );
  const rows = found.slice(0, take);
  if (backwards) rows.reverse();
  const more = found.length > take;
  const edges = rows.map((node) => ({
    node,
    cursor: writeCursor(sorting, { value: node.cursorValue, id: node.cursorId }),
  }));
  const isThere = async (condition: Prisma.Sql) => {
    const statement = Prisma.sql`SELECT 1 FROM ${from} WHERE ${every(where, condition)} LIMIT 1`;
    return (await rowsOf(pool, statement)).length > 0;
  };
  return {
    edges,
    // What a cursor cut off is on its other side.
    hasNextPage: () =>
      (!backwards && more) || (aheadOfIt !== null && isThere(Prisma.sql`NOT (${aheadOfIt})`)),
    hasPreviousPage: () =>
      (backwards && more) || (behindIt !== null && isThere(Prisma.sql`NOT (${behindIt})`)),
    async count() {
      const [row] = await rowsOf<{ count: number }>(
        pool,
        Prisma.sql`SELECT count(*)::int AS count FROM ${from} WHERE ${where}`,
      );
      return row?.count ?? 0;
    },
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
