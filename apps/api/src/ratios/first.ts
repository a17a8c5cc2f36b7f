import { graphQLError } from '../errors.ts';

/** @throws {GraphQLError} BAD_USER_INPUT for more than are given */
export function firstOf<T>(all: readonly T[], first: number, most: number): readonly T[] {
  if (first >= 1 && first <= most) return all.slice(0, first);
  throw graphQLError('BAD_USER_INPUT', `first is from 1 to ${most}, not ${first}`, ['first']);
}
