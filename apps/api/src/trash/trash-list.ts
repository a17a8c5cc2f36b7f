import { Prisma } from '@espalier/store';
import { requireRole } from '../access/viewer.ts';
import type { Connection } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { filtered } from '../query/conditions.ts';
import { keysetPage, narrowed } from '../query/keyset.ts';
import { rowsOf } from '../query/sql.ts';
import { TRASH_CONDITIONS, type TrashListArgs, trashSorting } from './trash-filter.ts';
import { trashSource } from './trash-source.ts';

interface TrashItem {
  readonly id: string;
  /** The id of what was deleted. */
  readonly reference: string;
  readonly name: string;
  readonly deletedAt: Date;
}

export function listTrash(
  { viewer, database }: Context,
  args: TrashListArgs,
): Promise<Connection<TrashItem>> {
  const all = trashSource(requireRole(viewer, 'viewer'));
  const source = narrowed(all, filtered(args.filter ?? {}, TRASH_CONDITIONS));
  return keysetPage(database.pool, args, source, trashSorting(args.order));
}

/** What has just been moved there, in the order of the ids. */
export async function trashItems(
  { viewer, database }: Context,
  ids: readonly string[],
): Promise<TrashItem[]> {
  const { select, from } = trashSource(requireRole(viewer, 'viewer'));
  const found = await rowsOf<TrashItem>(
    database.pool,
    Prisma.sql`SELECT ${select} FROM ${from} WHERE t."id" = ANY(${[...ids]})`,
  );
  const items = new Map(found.map((item) => [item.reference, item]));
  return ids.flatMap((one) => items.get(one) ?? []);
}
