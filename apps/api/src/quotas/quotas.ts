import { Prisma, sizeWords, type Transaction } from '@espalier/store';
import { z } from 'zod';
import { LimitReached } from '../errors.ts';

/** What a team may have at once; null for any number. */
export interface Quotas {
  /** Bytes that it stores, with those that what is under way may bring. */
  readonly bytes: number | null;
  /** Uploads under way. */
  readonly uploads: number | null;
  /** Test images that workers evaluate again in a day, of imported networks. */
  readonly recomputed: number | null;
}

/** In all of them 0 stands for any number. */
export const quotaVariables = {
  /** Of a team, in sizeWords. */
  ESPALIER_TEAM_STORAGE_GB: z.coerce.number().min(0).default(200),
  ESPALIER_TEAM_UPLOADS: z.coerce.number().int().min(0).default(20),
  ESPALIER_TEAM_RECOMPUTE_IMAGES: z.coerce.number().int().min(0).default(1_000_000),
} as const;

export function quotasOf(env: z.infer<z.ZodObject<typeof quotaVariables>>): Quotas {
  return {
    bytes: env.ESPALIER_TEAM_STORAGE_GB * 1e9 || null,
    uploads: env.ESPALIER_TEAM_UPLOADS || null,
    recomputed: env.ESPALIER_TEAM_RECOMPUTE_IMAGES || null,
  };
}

/** What a team has of that. */
export interface Usage {
  /** Of each artifact once, however often it has it; what others have, too, counts for each of them. */
  readonly bytes: number;
  /** That uploads under way may bring, and runs: a pruned network is smaller than the one that it was made of. */
  readonly bytesUnderWay: number;
  readonly uploads: number;
}

export async function usageOf(prisma: Pick<Transaction, '$queryRaw'>, teamId: string): Promise<Usage> {
  const [usage] = await prisma.$queryRaw<Usage[]>(Prisma.sql`
    WITH runs AS (SELECT "id", "samplingRunId" FROM "Run" WHERE "teamId" = ${teamId}),
    own AS (
      SELECT "sha256" FROM "Model" WHERE "teamId" = ${teamId}
      UNION SELECT "sha256" FROM "Dataset" WHERE "teamId" = ${teamId}
      UNION SELECT "sheetSha256" FROM "Dataset" WHERE "teamId" = ${teamId}
      UNION SELECT "sha256" FROM "DeviceProfile" WHERE "teamId" = ${teamId}
      UNION SELECT "sha256" FROM "Upload" WHERE "teamId" = ${teamId}
      UNION SELECT p."sha256" FROM "PrunedResult" p JOIN runs r ON r."id" = p."runId"
      UNION SELECT c."sha256" FROM "RunCheckpoint" c JOIN runs r ON r."id" = c."runId"
      UNION SELECT q."sha256" FROM "RunRepair" q JOIN runs r ON r."id" = q."runId"
      UNION SELECT h."sha256" FROM "SamplingShard" h JOIN runs r ON r."samplingRunId" = h."samplingRunId"
    )
    SELECT (SELECT coalesce(sum(a."bytes"), 0)::float8 FROM "Artifact" a JOIN own ON own."sha256" = a."sha256") AS "bytes",
      (coalesce(sum(u."limit"), 0) + (
        SELECT coalesce(sum(a."bytes"), 0) FROM "Run" r JOIN "Experiment" e ON e."id" = r."experimentId"
          JOIN "Model" m ON m."id" = e."modelId" JOIN "Artifact" a ON a."sha256" = m."sha256"
        WHERE r."teamId" = ${teamId} AND r."state" NOT IN ('finished', 'failed', 'cancelled')
      ))::float8 AS "bytesUnderWay", count(u."id")::int AS "uploads"
    FROM "Upload" u WHERE u."teamId" = ${teamId} AND u."sha256" IS NULL`);
  return usage ?? { bytes: 0, bytesUnderWay: 0, uploads: 0 };
}

/**
 * Refuses an upload that a team has no place for. Until the transaction ends no other one of the team is counted.
 *
 * @throws {FieldError} that names what there is, what is taken, and what to do
 */
export async function checkUpload(
  transaction: Transaction,
  quotas: Quotas,
  teamId: string,
  wanted: number,
): Promise<void> {
  const { uploads } = await counted(transaction, teamId);
  if (quotas.uploads !== null && uploads >= quotas.uploads) {
    throw new LimitReached(
      `${uploads} uploads of the team are active, and at most ${quotas.uploads} are allowed: wait for one, or cancel it`,
      'fileName',
    );
  }
  await checkStorage(transaction, quotas, { teamId, wanted, field: 'bytes' });
}

/**
 * Refuses what a team has no room for.
 *
 * @throws {FieldError} that names what is stored, and what to do
 */
export async function checkStorage(
  transaction: Transaction,
  quotas: Quotas,
  { teamId, wanted, field }: { readonly teamId: string; readonly wanted: number; readonly field: string },
): Promise<void> {
  if (quotas.bytes === null) return;
  const { bytes, bytesUnderWay } = await counted(transaction, teamId);
  if (bytes + bytesUnderWay + wanted <= quotas.bytes) return;
  const taken = `the team stores ${sizeWords(bytes)}, and ${sizeWords(bytesUnderWay)} are under way`;
  throw new LimitReached(
    `${taken}: ${sizeWords(wanted)} more exceed its quota of ${sizeWords(quotas.bytes)}; empty the trash, or ask the operator of the platform for more`,
    field,
  );
}

const DAY_MS = 24 * 3600_000;

/**
 * Refuses to have more images evaluated again than a team may in 24 hours; what failed counts, too, and of what was
 * cancelled as many as were evaluated.
 *
 * @throws {FieldError} that names what is left
 */
export async function checkRecomputed(
  transaction: Transaction,
  { recomputed: most }: Quotas,
  { teamId, wanted, field }: { readonly teamId: string; readonly wanted: number; readonly field: string },
): Promise<void> {
  if (most === null) return;
  await oneByOne(transaction, teamId);
  const [{ images: used } = { images: 0 }] = await transaction.$queryRaw<{ images: number }[]>`
    SELECT coalesce(sum(CASE WHEN "state" = 'cancelled' THEN "done" ELSE "images" END), 0)::float8 AS "images"
    FROM "Recomputation" WHERE "teamId" = ${teamId} AND "createdAt" > ${new Date(Date.now() - DAY_MS)}`;
  const left = Math.max(0, most - used);
  if (wanted <= left) return;
  const [all, rest] = [most, left].map((images) => images.toLocaleString('en'));
  const then = left > 0 ? `give at most ${rest}, or wait` : 'wait';
  throw new LimitReached(
    `workers evaluate ${all} images again for a team in 24 hours (ESPALIER_TEAM_RECOMPUTE_IMAGES), and ${rest} are left: ${then}`,
    field,
  );
}

async function counted(transaction: Transaction, teamId: string): Promise<Usage> {
  await oneByOne(transaction, teamId);
  return usageOf(transaction, teamId);
}

/** Until the transaction ends no other one of the team is counted. */
async function oneByOne(transaction: Transaction, teamId: string): Promise<void> {
  await transaction.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`quota ${teamId}`}, 0))`;
}

/** Bytes of a network's file. */
export async function bytesOf(transaction: Transaction, sha256: string): Promise<number> {
  return Number((await transaction.artifact.findUniqueOrThrow({ where: { sha256 } })).bytes);
}
