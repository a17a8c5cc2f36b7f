import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { PrismaClient } from '@espalier/store';
import { hashOf } from '../people/tokens.ts';

const unpacked = promisify(gunzip);

const KEPT_DAYS = 30;

/**
 * What a token shows; null if there is nothing for it: nobody made it, it was revoked, it is over, or something that
 * it shows is in the trash or gone.
 */
export async function publicPage(prisma: PrismaClient, token: string): Promise<string | null> {
  const [found] = await prisma.$queryRaw<{ page: Uint8Array }[]>`
    SELECT l."page" FROM "PublicLink" l
    WHERE l."hash" = ${hashOf(token)} AND (l."expiresAt" IS NULL OR l."expiresAt" > now())
      AND cardinality(l."runIds") = (
        SELECT count(*) FROM "Run" r
        JOIN "Experiment" e ON e."id" = r."experimentId" AND e."deletedAt" IS NULL
        JOIN "Project" p ON p."id" = e."projectId" AND p."deletedAt" IS NULL
        WHERE r."id" = ANY(l."runIds") AND r."teamId" = l."teamId" AND r."deletedAt" IS NULL
      )`;
  return found ? (await unpacked(found.page)).toString() : null;
}

/** Deletes those that have been over for long. */
export async function forgetOldLinks(prisma: PrismaClient): Promise<void> {
  await prisma.$executeRaw`
    DELETE FROM "PublicLink" WHERE "expiresAt" < now() - make_interval(days => ${KEPT_DAYS}::int)`;
}
