import { graphQLError } from '../errors.ts';
import { type Connection, type PageArgs, sizeOf } from '../graphql/connection.ts';
import { readCursor, writeCursor } from './cursor.ts';
import type { Sorting } from './sorting.ts';

/**
 * A page of what is found already, by ids in their order. Those that are not there any more are left out.
 *
 * @param list its name, in the cursor
 * @throws {GraphQLError} BAD_USER_INPUT for a bad length, or a cursor that is not of this list, or not any more
 */
export async function pageOfIds<T extends { readonly id: string }>(
  args: PageArgs,
  list: string,
  ids: readonly string[],
  load: (ids: readonly string[]) => Promise<T[]>,
): Promise<Connection<T>> {
  const { take, backwards } = sizeOf(args);
  const sorting: Sorting = { name: list, direction: 'asc', value: null, type: 'text' };
  const placeOf = (argument: 'after' | 'before') => {
    const place = readCursor(argument, args[argument], sorting);
    if (!place) return null;
    const found = ids.indexOf(place.id);
    if (found >= 0) return found;
    const gone = `${argument} belongs to an item that is no longer in this list: start again without it`;
    throw graphQLError('BAD_USER_INPUT', gone, [argument]);
  };
  const [from, to] = [(placeOf('after') ?? -1) + 1, placeOf('before') ?? ids.length];
  const [start, end] = backwards ? [Math.max(from, to - take), to] : [from, Math.min(to, from + take)];
  const nodes = await load(ids.slice(start, end));
  return {
    edges: nodes.map((node) => ({ node, cursor: writeCursor(sorting, { value: null, id: node.id }) })),
    hasNextPage: () => end < ids.length,
    hasPreviousPage: () => start > 0,
    count: async () => ids.length,
  };
}
