import { Prisma } from '@espalier/store';
import type { Viewer } from '../access/viewer.ts';
import { filtered } from '../query/conditions.ts';
import type { Source } from '../query/keyset.ts';
import { columnsOf, every } from '../query/sql.ts';
import { VIEW_CONDITIONS, type ViewFilter } from './view-filter.ts';

/** The viewer's own and the team's, those that match. */
export function viewSource({ teamId, userId }: Viewer, filter: ViewFilter): Source {
  return {
    select: columnsOf('v', Object.keys(Prisma.SavedViewScalarFieldEnum)),
    from: Prisma.sql`"SavedView" v`,
    where: every(
      Prisma.sql`v."teamId" = ${teamId} AND (v."shared" OR v."userId" = ${userId})`,
      filtered(filter, VIEW_CONDITIONS),
    ),
    id: Prisma.sql`v."id"`,
  };
}
