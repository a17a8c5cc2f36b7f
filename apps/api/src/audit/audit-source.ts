import { Prisma } from '@espalier/store';
import type { Viewer } from '../access/viewer.ts';
import type { Source } from '../query/keyset.ts';
import { columnsOf } from '../query/sql.ts';

/** Of the team. */
export function auditSource({ teamId }: Viewer): Source {
  return {
    select: columnsOf('x', Object.keys(Prisma.AuditEntryScalarFieldEnum)),
    from: Prisma.sql`"AuditEntry" x`,
    where: Prisma.sql`x."teamId" = ${teamId}`,
    id: Prisma.sql`x."id"`,
  };
}
