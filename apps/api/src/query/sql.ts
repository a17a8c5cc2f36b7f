import { Prisma } from '@espalier/store';
import pg from 'pg';

/** bigint. */
const INT8 = 20;

/** As Prisma reads them: big integers are no strings. */
const COLUMN_TYPES = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === INT8 && format !== 'binary'
      ? BigInt
      : pg.types.getTypeParser(oid, format as 'text')) as typeof pg.types.getTypeParser,
};

/** The rows of one statement. `T` says what its columns are: nothing else checks it. */
export async function rowsOf<T extends object>(pool: pg.Pool, { text, values }: Prisma.Sql): Promise<T[]> {
  const { rows } = await pool.query<T & pg.QueryResultRow>({ text, values, types: COLUMN_TYPES });
  return rows;
}

/** Columns of a table under their own names. The names are the schema's, never a client's. */
export function columnsOf(alias: string, names: readonly string[]): Prisma.Sql {
  return Prisma.raw(names.map((name) => `${alias}."${name}"`).join(', '));
}

/** All of the conditions that are there. */
export function every(...conditions: readonly (Prisma.Sql | null)[]): Prisma.Sql {
  const given = conditions.filter((condition) => condition !== null);
  return given.length === 0 ? Prisma.sql`true` : Prisma.join(given, ' AND ');
}

/** Null for what is no number. The value is worked out once. */
export function finite(value: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`NULLIF(NULLIF(NULLIF(${value}, 'NaN'), 'Infinity'), '-Infinity')`;
}
