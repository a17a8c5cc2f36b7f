import { type AuditEntry, Prisma } from '@espalier/store';
import { ArgsType, Field, ID } from 'type-graphql';
import { requireRole } from '../access/viewer.ts';
import { type Connection, PageArgs } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { keysetPage } from '../query/keyset.ts';
import { newest } from '../query/sorting.ts';
import { columnsOf, equal, every, oneOf } from '../query/sql.ts';

@ArgsType()
export class AuditLogArgs extends PageArgs {
  @Field(() => ID, {
    nullable: true,
    description: "A user's id, with what the user's keys did, or an API key's.",
  })
  actor?: string | null;

  @Field(() => String, { nullable: true, description: 'What it begins with: `member.`.' })
  action?: string | null;

  @Field(() => ID, { nullable: true })
  subject?: string | null;
}

/** What was changed in the team, newest first. */
export async function auditLog(
  { viewer, database }: Context,
  args: AuditLogArgs,
): Promise<Connection<AuditEntry>> {
  const { actor, action, subject } = args;
  const { teamId } = requireRole(viewer, 'admin');
  const { apiKey } = database.prisma;
  const keys = actor ? await apiKey.findMany({ where: { teamId, userId: actor }, select: { id: true } }) : [];
  const source = {
    select: columnsOf('x', Object.keys(Prisma.AuditEntryScalarFieldEnum)),
    from: Prisma.sql`"AuditEntry" x`,
    where: every(
      Prisma.sql`x."teamId" = ${teamId}`,
      oneOf(Prisma.sql`x."actor"`, actor ? [actor, ...keys.map(({ id }) => id)] : null),
      action ? Prisma.sql`starts_with(x."action", ${action})` : null,
      equal(Prisma.sql`x."subject"`, subject || null),
    ),
    id: Prisma.sql`x."id"`,
  };
  return keysetPage(database.pool, args, source, newest('AuditEntry'));
}
