import { Prisma } from '@espalier/store';
import { type Reach, reached } from '../access/reach.ts';
import { filtered } from '../query/conditions.ts';
import type { Source } from '../query/keyset.ts';
import { columnsOf, every } from '../query/sql.ts';
import { PROJECT_CONDITIONS, type ProjectFilter } from './project-filter.ts';

/** The projects within reach that match. */
export function projectSource(reach: Reach, filter: ProjectFilter): Source {
  return {
    select: columnsOf('j', Object.keys(Prisma.ProjectScalarFieldEnum)),
    from: Prisma.sql`"Project" j`,
    where: every(
      reached(reach, Prisma.sql`j."teamId"`, Prisma.sql`j."id"`),
      Prisma.sql`j."deletedAt" IS NULL`,
      filtered(filter, PROJECT_CONDITIONS),
    ),
    id: Prisma.sql`j."id"`,
  };
}
