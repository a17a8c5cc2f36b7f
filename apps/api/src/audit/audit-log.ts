import { type AuditEntry, Prisma } from '@espalier/store';
import { ArgsType, Field, ID } from 'type-graphql';
import { requireRole } from '../access/viewer.ts';
import { type Connection, PageArgs } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { keysetPage } from '../query/keyset.ts';
import { newest } from '../query/sorting.ts';
import { equal, every, oneOf } from '../query/sql.ts';
import { auditSource } from './audit-source.ts';

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
  const admin = requireRole(viewer, 'admin');
  const { teamId } = admin;
  const { apiKey } = database.prisma;
  const keys = actor ? await apiKey.findMany({ where: { teamId, userId: actor }, select: { id: true } }) : [];
  const source = auditSource(admin);
  const where = every(
    source.where,
    oneOf(Prisma.sql`x."actor"`, actor ? [actor, ...keys.map(({ id }) => id)] : null),
    action ? Prisma.sql`starts_with(x."action", ${action})` : null,
    equal(Prisma.sql`x."subject"`, subject || null),
  );
  return keysetPage(database.pool, args, { ...source, where }, newest('AuditEntry'));
}
