import { type DeviceProfile, Prisma, type PrismaClient } from '@espalier/store';
import type { Reach } from '../access/reach.ts';
import { filtered } from '../query/conditions.ts';
import type { Source } from '../query/keyset.ts';
import { columnsOf, every } from '../query/sql.ts';
import { type DeviceProfileFilter, PROFILE_CONDITIONS } from './profile-filter.ts';

const LONG = ['kinds', 'heldOut', 'stairs'] as const;
const NARROW = Object.keys(Prisma.DeviceProfileScalarFieldEnum).filter(
  (name) => !(LONG as readonly string[]).includes(name),
);

/** Without what is long: it is read where it is asked for. */
export type NarrowProfile = Omit<DeviceProfile, (typeof LONG)[number]>;

/** The team's. */
function reachedProfile(reach: Reach): Prisma.Sql {
  return every(
    Prisma.sql`p."teamId" = ${reach.teamId} AND p."deletedAt" IS NULL`,
    ofNetworksWithin(reach, Prisma.sql`p`),
  );
}

/**
 * What devices tell is in no project, but is of networks that do: a key that is limited to projects sees what is of
 * networks there. Null if it is not limited.
 */
export function ofNetworksWithin({ projectIds }: Reach, row: Prisma.Sql): Prisma.Sql | null {
  return (
    projectIds &&
    Prisma.sql`EXISTS (
      SELECT 1 FROM "Model" m JOIN "Project" j ON j."id" = m."projectId" AND j."deletedAt" IS NULL
      WHERE m."networkHash" = ${row}."networkHash" AND m."teamId" = ${row}."teamId" AND m."deletedAt" IS NULL
        AND m."projectId" = ANY(${[...projectIds]}))`
  );
}

/** What is in a deleted device is not there. */
const TABLES = Prisma.sql`
  "DeviceProfile" p JOIN "Device" d ON d."id" = p."deviceId" AND d."deletedAt" IS NULL`;

export function profileSource(reach: Reach, filter: DeviceProfileFilter): Source {
  return {
    select: columnsOf('p', NARROW),
    from: TABLES,
    where: every(reachedProfile(reach), filtered(filter, PROFILE_CONDITIONS)),
    id: Prisma.sql`p."id"`,
  };
}

/** How many within reach have this file. */
export async function countProfiles(prisma: PrismaClient, reach: Reach, sha256: string): Promise<number> {
  const [found] = await prisma.$queryRaw<[{ readonly count: number }]>`
    SELECT count(*)::int AS "count" FROM ${TABLES} WHERE ${reachedProfile(reach)} AND p."sha256" = ${sha256}`;
  return found.count;
}
