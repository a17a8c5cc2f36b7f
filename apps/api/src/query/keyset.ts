import { Prisma } from '@espalier/store';
import type pg from 'pg';
import { graphQLError } from '../errors.ts';
import { type Connection, checkedFirst, type PageArgs } from '../graphql/connection.ts';
import { every, rowsOf } from './sql.ts';

export type Direction = 'asc' | 'desc';

/** What rows can be ordered by. */
export interface SortKey {
  /** Null for the id alone, which is the order of creation. */
  readonly value: Prisma.Sql | null;
  readonly type: 'float8' | 'bigint' | 'text';
}

export interface Sorting extends SortKey {
  /** In the cursor: a page goes on in the order in which it began. */
  readonly name: string;
  readonly direction: Direction;
}

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
 * row has one place, and the cursor is that place: a row that goes or comes meanwhile moves no other.
 *
 * @throws {GraphQLError} BAD_USER_INPUT for a bad `first` or a cursor of another order
 */
export async function keysetPage<T extends { readonly id: string }>(
  pool: pg.Pool,
  { first, after }: PageArgs,
  { select, from, where, id }: Source,
  sorting: Sorting,
): Promise<Connection<T>> {
  checkedFirst(first);
  const place = after ? readCursor(after, sorting) : null;
  const value = sorting.value ?? Prisma.sql`NULL::text`;
  const direction = Prisma.raw(sorting.direction);
  const found = await rowsOf<T & { cursorValue: string | null }>(
    pool,
    Prisma.sql`
      SELECT ${select}, (${value})::text AS "cursorValue" FROM ${from}
      WHERE ${every(where, place && behind(place, id, sorting))}
      ORDER BY ${sorting.value ? Prisma.sql`${value} ${direction} NULLS LAST, ` : Prisma.empty}${id} ${direction}
      LIMIT ${first + 1}`,
  );
  const nodes = found.slice(0, first);
  const last = nodes.at(-1);
  return {
    nodes,
    pageInfo: {
      hasNextPage: found.length > first,
      endCursor: last ? writeCursor(sorting, { value: last.cursorValue, id: last.id }) : null,
    },
    async count() {
      const [row] = await rowsOf<{ count: number }>(
        pool,
        Prisma.sql`SELECT count(*)::int AS count FROM ${from} WHERE ${where}`,
      );
      return row?.count ?? 0;
    },
  };
}

interface Place {
  readonly value: string | null;
  readonly id: string;
}

/** What comes after a place. */
function behind(place: Place, id: Prisma.Sql, { value, type, direction }: Sorting): Prisma.Sql {
  const beyond = Prisma.raw(direction === 'asc' ? '>' : '<');
  const later = Prisma.sql`${id} ${beyond} ${place.id}`;
  if (!value) return later;
  if (place.value === null) return Prisma.sql`(${value}) IS NULL AND ${later}`;
  const here = Prisma.sql`${place.value}::${Prisma.raw(type)}`;
  return Prisma.sql`((${value}) ${beyond} ${here} OR ((${value}) = ${here} AND ${later}) OR (${value}) IS NULL)`;
}

function writeCursor({ name, direction }: Sorting, { value, id }: Place): string {
  return Buffer.from(JSON.stringify([name, direction, value, id])).toString('base64url');
}

function readCursor(cursor: string, { name, direction, type }: Sorting): Place {
  const parsed = parseJson(Buffer.from(cursor, 'base64url').toString());
  const [itsName, itsDirection, value, id] = Array.isArray(parsed) ? parsed : [];
  const place = typeof id === 'string' && (value === null || typeof value === 'string');
  if (place && (itsName !== name || itsDirection !== direction)) {
    throw graphQLError('BAD_USER_INPUT', 'after is of another order: begin again without it');
  }
  if (!place || (value !== null && !isA(type, value))) {
    throw graphQLError('BAD_USER_INPUT', 'after is no endCursor of this list');
  }
  return { value, id };
}

/** The database would break off at another text. */
function isA(type: SortKey['type'], text: string): boolean {
  if (type === 'text') return true;
  if (type === 'bigint') return /^-?\d{1,18}$/.test(text);
  return text.trim() !== '' && Number.isFinite(Number(text));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
