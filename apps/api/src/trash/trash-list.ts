import { Prisma } from '@espalier/store';
import { requireRole } from '../access/viewer.ts';
import type { Connection, PageArgs } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { keysetPage } from '../query/keyset.ts';
import { rowsOf } from '../query/sql.ts';
import { trashSource } from './trash-source.ts';

interface TrashItem {
  readonly id: string;
  /** The id of what was deleted. */
  readonly reference: string;
  readonly name: string;
  readonly deletedAt: Date;
}

/** What was deleted last first. */
export function listTrash({ viewer, database }: Context, args: PageArgs): Promise<Connection<TrashItem>> {
  return keysetPage(database.pool, args, trashSource(requireRole(viewer, 'viewer')), {
    ...{ name: 'TrashItem.deleted', direction: 'desc', type: 'float8' },
    value: Prisma.sql`extract(epoch FROM t."deletedAt")::float8`,
  });
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
