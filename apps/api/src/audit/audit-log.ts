import type { AuditEntry } from '@espalier/store';
import { ArgsType, Field, ID } from 'type-graphql';
import { requireRole } from '../access/viewer.ts';
import { type Connection, PageArgs, page } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';

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
  const { auditEntry, apiKey } = database.prisma;
  const keys = actor ? await apiKey.findMany({ where: { teamId, userId: actor }, select: { id: true } }) : [];
  const where = {
    teamId,
    ...(actor ? { actor: { in: [actor, ...keys.map(({ id }) => id)] } } : {}),
    // Prisma hands it to LIKE as it is.
    ...(action ? { action: { startsWith: action.replaceAll(/[\\%_]/g, '\\$&') } } : {}),
    ...(subject ? { subject } : {}),
  };
  return page(
    args,
    (query) => auditEntry.findMany({ ...query, where: { ...where, ...query.where } }),
    () => auditEntry.count({ where }),
  );
}
