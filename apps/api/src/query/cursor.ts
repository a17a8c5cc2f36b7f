import { graphQLError } from '../errors.ts';
import type { Sorting } from './sorting.ts';

/** Of a row in a list. */
export interface Place {
  /** That it is ordered by, as text. */
  readonly value: string | null;
  readonly id: string;
}

export function writeCursor({ name, direction }: Sorting, { value, id }: Place): string {
  return Buffer.from(JSON.stringify([name, direction, value, id])).toString('base64url');
}

/**
 * Null if none was given.
 *
 * @param argument its name
 * @throws {GraphQLError} BAD_USER_INPUT for what this list did not write
 */
export function readCursor(
  argument: 'after' | 'before',
  cursor: string | null | undefined,
  sorting: Sorting,
): Place | null {
  if (cursor == null) return null;
  const parsed = parseJson(Buffer.from(cursor, 'base64url').toString());
  const [name, direction, value, id] = Array.isArray(parsed) ? parsed : [];
  if (!isText(id) || !(value === null || isText(value))) {
    throw refused(argument, 'is not a cursor: use the endCursor or startCursor of a page');
  }
  if (name !== sorting.name || direction !== sorting.direction) {
    throw refused(argument, 'is of another list or order: begin again without it');
  }
  const known = (value === null || isA(sorting, value)) && writeCursor(sorting, { value, id }) === cursor;
  if (!known)
    throw refused(argument, 'is not a cursor of this list: use the endCursor or startCursor of a page');
  return { value, id };
}

function refused(argument: string, why: string) {
  return graphQLError('BAD_USER_INPUT', `${argument} ${why}`, [argument]);
}

/** The database takes no NUL. */
function isText(value: unknown): value is string {
  return typeof value === 'string' && !value.includes('\0');
}

/** As the database writes such a value: at another text it would break off. */
function isA({ value, type }: Sorting, text: string): boolean {
  if (!value) return false;
  if (type === 'text') return true;
  if (type === 'bigint') return /^-?\d{1,18}$/.test(text);
  return /^-?\d+(\.\d+)?(e[+-]\d+)?$/.test(text) && Number.isFinite(Number(text));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
