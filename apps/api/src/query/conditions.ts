import { Prisma } from '@espalier/store';
import type { FloatFilter, IntFilter, Listed, TagFilter, TimeFilter } from './filter-inputs.ts';
import { every } from './sql.ts';

/** What one field of a filter asks for; null for nothing. */
type Condition<T> = (given: T) => Prisma.Sql | null;

/** Of every field of a filter. */
export type Conditions<F> = { readonly [Name in keyof F]-?: Condition<NonNullable<F[Name]>> };

/** All that is given must hold. */
export function filtered<F extends object>(filter: F, conditions: Conditions<F>): Prisma.Sql {
  const names = Object.keys(conditions) as (keyof F)[];
  return every(
    ...names.map((name) => {
      const given = filter[name];
      return given === null || given === undefined ? null : conditions[name](given);
    }),
  );
}

/** @param type of the column, where it is an enum of the database */
export function listed<T>(column: Prisma.Sql, type: string | null = null): Condition<Listed<T>> {
  const cast = type === null ? Prisma.empty : Prisma.raw(`::"${type}"[]`);
  const among = (values: readonly T[]) => Prisma.sql`${column} = ANY(${values}${cast})`;
  return ({ in: wanted, not: unwanted, null: isNull }) =>
    every(
      wanted ? among(wanted) : null,
      // What is null is in no list.
      unwanted ? Prisma.sql`(${among(unwanted)}) IS NOT TRUE` : null,
      known(column, isNull),
    );
}

export function ranged(column: Prisma.Sql): Condition<FloatFilter> {
  return ({ min = null, max = null, null: isNull }) =>
    every(
      min === null ? null : Prisma.sql`${column} >= ${min}::float8`,
      max === null ? null : Prisma.sql`${column} <= ${max}::float8`,
      known(column, isNull),
    );
}

export function numbered(column: Prisma.Sql): Condition<IntFilter> {
  return ({ min, max, ...lists }) =>
    every(listed<number>(column)(lists), ranged(column)({ min: min ?? null, max: max ?? null }));
}

export function timed(column: Prisma.Sql): Condition<TimeFilter> {
  return ({ from = null, to = null, null: isNull }) =>
    every(
      from === null ? null : Prisma.sql`${column} >= ${from}`,
      to === null ? null : Prisma.sql`${column} < ${to}`,
      known(column, isNull),
    );
}

export function tagged(column: Prisma.Sql): Condition<TagFilter> {
  return ({ all, any, none }) =>
    every(
      all ? Prisma.sql`${column} @> ${all}::text[]` : null,
      any ? Prisma.sql`${column} && ${any}::text[]` : null,
      none ? Prisma.sql`(${column} && ${none}::text[]) IS NOT TRUE` : null,
    );
}

/** Of a list of texts, for {@link containing}. */
export function joined(column: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`array_to_string(${column}, ' ')`;
}

/** One of the columns contains the text, whatever its case. */
export function containing(...columns: readonly Prisma.Sql[]): Condition<string> {
  return (text) => {
    const wanted = text.trim();
    if (wanted === '') return null;
    const pattern = `%${wanted.replaceAll(/[\\%_]/g, '\\$&')}%`;
    const each = columns.map((column) => Prisma.sql`${column} ILIKE ${pattern}`);
    return Prisma.sql`(${Prisma.join(each, ' OR ')})`;
  };
}

/** Null for nothing asked. */
function known(column: Prisma.Sql, isNull: boolean | null | undefined): Prisma.Sql | null {
  if (isNull === null || isNull === undefined) return null;
  return isNull ? Prisma.sql`(${column}) IS NULL` : Prisma.sql`(${column}) IS NOT NULL`;
}
