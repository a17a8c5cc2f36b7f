import { Prisma } from '@espalier/store';
import type { Reach } from '../access/reach.ts';
import type { Source } from '../query/keyset.ts';
import { columnsOf } from '../query/sql.ts';
import { type RunFilter, runCondition } from './run-filter.ts';
import { RUN, RUN_TABLES } from './run-tables.ts';

/** The runs within reach that match. */
export function runSource(reach: Reach, filter: RunFilter): Source {
  return {
    select: columnsOf('r', Object.keys(Prisma.RunScalarFieldEnum)),
    from: RUN_TABLES,
    where: runCondition(reach, filter),
    id: RUN.id,
  };
}
