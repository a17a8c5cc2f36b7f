import type { AuditEntry } from '@espalier/store';
import { requireRole } from '../access/viewer.ts';
import { type Connection, type PageArgs, page } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';

export interface AuditFilter {
  /** A user's id, with what the user's keys did, or a key's. */
  readonly actor?: string | null;
  /** What the action begins with: `member.`. */
  readonly action?: string | null;
  readonly subject?: string | null;
}

/** What was changed in the team, newest first. */
export async function auditLog(
  { viewer, database }: Context,
  args: PageArgs,
  { actor, action, subject }: AuditFilter,
): Promise<Connection<AuditEntry>> {
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
