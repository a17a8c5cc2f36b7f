import { requireRole } from '../access/viewer.ts';
import { graphQLError } from '../errors.ts';
import type { Context } from '../graphql/context.ts';
import { findKind, findRows, type Row, type RowOf } from './find.ts';
import type { KindPrefix } from './kinds.ts';

const MOST = 100;

/** Null for one that is missing, in the trash, or out of reach. */
export async function findNode<Prefix extends KindPrefix>(
  prefix: Prefix,
  { viewer, database }: Context,
  id: string,
): Promise<RowOf<Prefix> | null> {
  const self = requireRole(viewer, 'viewer');
  const [found = null] = await findKind(prefix, database.prisma, self, [id]);
  return found as RowOf<Prefix> | null;
}

/** In the order of the ids; null for one that there is not. */
export async function findNodes(
  { viewer, database }: Context,
  ids: readonly string[],
): Promise<(Row | null)[]> {
  const self = requireRole(viewer, 'viewer');
  if (ids.length > MOST) {
    throw graphQLError('BAD_USER_INPUT', `at most ${MOST} ids at once, these are ${ids.length}`);
  }
  return findRows(database.prisma, self, ids);
}

/** What a mutation has just changed, however many, in the order of the ids. */
export async function changedNodes(
  { viewer, database }: Context,
  ids: readonly string[],
): Promise<readonly Row[]> {
  const found = await findRows(database.prisma, requireRole(viewer, 'viewer'), ids);
  return found.filter((row) => row !== null);
}

/** What an edge leads to: with those of all other rows in one statement. Null as {@link findNode}. */
export async function nodeAt<Prefix extends KindPrefix>(
  prefix: Prefix,
  { loaders }: Pick<Context, 'loaders'>,
  id: string,
): Promise<RowOf<Prefix> | null> {
  // Of another kind there is none: ids tell theirs.
  return id.startsWith(`${prefix}_`) ? ((await loaders.node.load(id)) as RowOf<Prefix> | null) : null;
}

/** The same of several, those that are not there left out. */
export async function nodesAt<Prefix extends KindPrefix>(
  prefix: Prefix,
  context: Pick<Context, 'loaders'>,
  ids: readonly string[],
): Promise<RowOf<Prefix>[]> {
  const found = await Promise.all(ids.map((id) => nodeAt(prefix, context, id)));
  return found.filter((row) => row !== null);
}
