import { Prisma } from '@espalier/store';
import { requireRole } from '../access/viewer.ts';
import type { Connection, PageArgs } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { keysetPage, type Source } from '../query/keyset.ts';
import { rowsOf } from '../query/sql.ts';
import { type Deletable, KINDS } from './trash.ts';

interface TrashItem {
  readonly id: string;
  readonly name: string;
  readonly deletedAt: Date;
}

/** What has no name of its own. */
const NAMES: Readonly<Partial<Record<Deletable, Prisma.Sql>>> = {
  run: Prisma.raw(`"allocation" || ' ' || "criterion" || ' ' || "metric" || '=' || "share"`),
  pub: Prisma.raw(`"method" || ' on ' || "architecture"`),
};

/** What was deleted by itself; not what lies in it. */
function trashSource(teamId: string): Source {
  const each = KINDS.map(({ prefix, table }) => {
    return Prisma.sql`
      SELECT "id", ${NAMES[prefix] ?? Prisma.raw('"name"')} AS "name", "deletedAt" FROM ${Prisma.raw(`"${table}"`)}
      WHERE "teamId" = ${teamId} AND "deletedAt" IS NOT NULL`;
  });
  return {
    select: Prisma.sql`t."id", t."name", t."deletedAt"`,
    from: Prisma.sql`(${Prisma.join(each, ' UNION ALL ')}) t`,
    where: Prisma.sql`true`,
    id: Prisma.sql`t."id"`,
  };
}

/** What was deleted last first. */
export function listTrash({ viewer, database }: Context, args: PageArgs): Promise<Connection<TrashItem>> {
  const { teamId } = requireRole(viewer, 'viewer');
  return keysetPage(database.pool, args, trashSource(teamId), {
    ...{ name: 'TrashItem.deleted', direction: 'desc', type: 'float8' },
    value: Prisma.sql`extract(epoch FROM t."deletedAt")::float8`,
  });
}

/** What has just been moved there, in the order of the ids. */
export async function trashItems(
  { viewer, database }: Context,
  ids: readonly string[],
): Promise<TrashItem[]> {
  const { teamId } = requireRole(viewer, 'viewer');
  const { select, from, id } = trashSource(teamId);
  const found = await rowsOf<TrashItem>(
    database.pool,
    Prisma.sql`SELECT ${select} FROM ${from} WHERE ${id} = ANY(${[...ids]})`,
  );
  const items = new Map(found.map((item) => [item.id, item]));
  return ids.flatMap((one) => items.get(one) ?? []);
}
