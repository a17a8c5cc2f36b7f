import { Prisma } from '@espalier/store';
import type { Reach } from '../access/reach.ts';
import { filtered } from '../query/conditions.ts';
import type { Source } from '../query/keyset.ts';
import { columnsOf, every } from '../query/sql.ts';
import { MEASUREMENT_CONDITIONS, type MeasurementFilter } from './measurement-filter.ts';
import { ofNetworksWithin } from './profile-source.ts';

/** What is in a deleted device is not there. */
export function measurementSource(reach: Reach, filter: MeasurementFilter): Source {
  return {
    select: columnsOf('x', Object.keys(Prisma.MeasurementScalarFieldEnum)),
    from: Prisma.sql`"Measurement" x JOIN "Device" d ON d."id" = x."deviceId" AND d."deletedAt" IS NULL`,
    where: every(
      Prisma.sql`x."teamId" = ${reach.teamId}`,
      ofNetworksWithin(reach, Prisma.sql`x`),
      filtered(filter, MEASUREMENT_CONDITIONS),
    ),
    id: Prisma.sql`x."id"`,
  };
}
