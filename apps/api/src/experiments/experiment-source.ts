import { Prisma } from '@espalier/store';
import type { Reach } from '../access/reach.ts';
import { itemTables } from '../query/item-filter.ts';
import type { Source } from '../query/keyset.ts';
import { columnsOf } from '../query/sql.ts';
import { type ExperimentFilter, experimentCondition } from './experiment-filter.ts';

/** The experiments within reach that match. */
export function experimentSource(reach: Reach, filter: ExperimentFilter): Source {
  return {
    select: columnsOf('i', Object.keys(Prisma.ExperimentScalarFieldEnum)),
    from: itemTables('Experiment'),
    where: experimentCondition(reach, filter),
    id: Prisma.sql`i."id"`,
  };
}
