import { Prisma } from '@espalier/store';
import type { Reach } from '../access/reach.ts';
import { itemTables } from '../query/item-filter.ts';
import type { Source } from '../query/keyset.ts';
import { columnsOf } from '../query/sql.ts';
import { type ModelFilter, modelCondition } from './model-filter.ts';

/** Without what is long: it is read where it is asked for. */
const NARROW = Object.keys(Prisma.ModelScalarFieldEnum).filter((name) => name !== 'summary');

/** The networks within reach that match. */
export function modelSource(reach: Reach, filter: ModelFilter): Source {
  return {
    select: columnsOf('i', NARROW),
    from: itemTables('Model'),
    where: modelCondition(reach, filter),
    id: Prisma.sql`i."id"`,
  };
}
