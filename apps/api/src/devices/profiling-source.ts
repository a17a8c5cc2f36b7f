import { Prisma } from '@espalier/store';
import { type Reach, reached } from '../access/reach.ts';
import { filtered } from '../query/conditions.ts';
import type { Source } from '../query/keyset.ts';
import { columnsOf, every } from '../query/sql.ts';
import { PROFILING_CONDITIONS, type ProfilingFilter } from './profiling-filter.ts';

/** Those of models within reach; of a model in the trash there are none. */
export function profilingSource(reach: Reach, filter: ProfilingFilter): Source {
  return {
    select: columnsOf('q', Object.keys(Prisma.ProfilingScalarFieldEnum)),
    from: Prisma.sql`"Profiling" q
      JOIN "Model" m ON m."id" = q."modelId" AND m."deletedAt" IS NULL
      JOIN "Project" j ON j."id" = m."projectId" AND j."deletedAt" IS NULL`,
    where: every(
      reached(reach, Prisma.sql`q."teamId"`, Prisma.sql`m."projectId"`),
      filtered(filter, PROFILING_CONDITIONS),
    ),
    id: Prisma.sql`q."id"`,
  };
}
