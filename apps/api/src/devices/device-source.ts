import { Prisma } from '@espalier/store';
import type { Reach } from '../access/reach.ts';
import { filtered } from '../query/conditions.ts';
import type { Source } from '../query/keyset.ts';
import { columnsOf, every } from '../query/sql.ts';
import { DEVICE_CONDITIONS, type DeviceFilter } from './device-filter.ts';

/** They are in no project: all of the team's are there. What they take for which network is another matter. */
export function deviceSource({ teamId }: Reach, filter: DeviceFilter): Source {
  return {
    select: columnsOf('d', Object.keys(Prisma.DeviceScalarFieldEnum)),
    from: Prisma.sql`"Device" d`,
    where: every(
      Prisma.sql`d."teamId" = ${teamId} AND d."deletedAt" IS NULL`,
      filtered(filter, DEVICE_CONDITIONS),
    ),
    id: Prisma.sql`d."id"`,
  };
}
