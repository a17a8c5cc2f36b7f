import { Prisma } from '@espalier/store';
import type { Reach } from '../access/reach.ts';
import { filtered } from '../query/conditions.ts';
import type { Source } from '../query/keyset.ts';
import { columnsOf, every } from '../query/sql.ts';
import { DATASET_CONDITIONS, type DatasetFilter } from './dataset-filter.ts';

/** They are in no project: all of the team's are there. */
export function datasetSource({ teamId }: Reach, filter: DatasetFilter): Source {
  return {
    select: columnsOf('d', Object.keys(Prisma.DatasetScalarFieldEnum)),
    from: Prisma.sql`"Dataset" d`,
    where: every(
      Prisma.sql`d."teamId" = ${teamId} AND d."deletedAt" IS NULL`,
      filtered(filter, DATASET_CONDITIONS),
    ),
    id: Prisma.sql`d."id"`,
  };
}
