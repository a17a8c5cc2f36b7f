import { type AuditEntry, Prisma } from '@espalier/store';
import { requireRole } from '../access/viewer.ts';
import type { Connection } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { filtered } from '../query/conditions.ts';
import { keysetPage } from '../query/keyset.ts';
import { columnsOf, every } from '../query/sql.ts';
import { AUDIT_CONDITIONS, type AuditListArgs, auditSorting } from './audit-filter.ts';

/** What was changed in the team. */
export function auditLog(
  { viewer, database }: Context,
  args: AuditListArgs,
): Promise<Connection<AuditEntry>> {
  const { teamId } = requireRole(viewer, 'admin');
  const source = {
    select: columnsOf('x', Object.keys(Prisma.AuditEntryScalarFieldEnum)),
    from: Prisma.sql`"AuditEntry" x`,
    where: every(Prisma.sql`x."teamId" = ${teamId}`, filtered(args.filter ?? {}, AUDIT_CONDITIONS)),
    id: Prisma.sql`x."id"`,
  };
  return keysetPage(database.pool, args, source, auditSorting(args.order));
}
