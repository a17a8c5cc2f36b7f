import { Prisma, sizeWords, type Transaction } from '@espalier/store';
import { z } from 'zod';
import { FieldError } from '../errors.ts';

/** What a team may have at once; null for any number. */
export interface Quotas {
  /** Bytes that it stores, with those that uploads under way may bring. */
  readonly bytes: number | null;
  /** Uploads under way. */
  readonly uploads: number | null;
}

/** In all of them 0 stands for any number. */
export const quotaVariables = {
  /** Of a team, in sizeWords. */
  ESPALIER_TEAM_STORAGE_GB: z.coerce.number().min(0).default(200),
  ESPALIER_TEAM_UPLOADS: z.coerce.number().int().min(0).default(20),
} as const;

export function quotasOf(env: z.infer<z.ZodObject<typeof quotaVariables>>): Quotas {
  return { bytes: env.ESPALIER_TEAM_STORAGE_GB * 1e9 || null, uploads: env.ESPALIER_TEAM_UPLOADS || null };
}

/** What a team has of that. */
export interface Usage {
  /** Of each artifact once, however often it has it; what others have, too, counts for each of them. */
  readonly bytes: number;
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
      UNION SELECT "sha256" FROM "Upload" WHERE "teamId" = ${teamId}
      UNION SELECT p."sha256" FROM "PrunedResult" p JOIN runs r ON r."id" = p."runId"
      UNION SELECT c."sha256" FROM "RunCheckpoint" c JOIN runs r ON r."id" = c."runId"
      UNION SELECT h."sha256" FROM "SamplingShard" h JOIN runs r ON r."samplingRunId" = h."samplingRunId"
    )
    SELECT (SELECT coalesce(sum(a."bytes"), 0)::float8 FROM "Artifact" a JOIN own ON own."sha256" = a."sha256") AS "bytes",
      coalesce(sum(u."limit"), 0)::float8 AS "bytesUnderWay", count(u."id")::int AS "uploads"
    FROM "Upload" u WHERE u."teamId" = ${teamId} AND u."sha256" IS NULL`);
  return usage ?? { bytes: 0, bytesUnderWay: 0, uploads: 0 };
}

/**
 * Refuses an upload that a team has no place for. Until the transaction ends no other one of the team is counted.
 *
 * @throws {FieldError} that names what there is, what is taken, and what to do
 */
export async function checkQuotas(
  transaction: Transaction,
  quotas: Quotas,
  teamId: string,
  wanted: number,
): Promise<void> {
  await transaction.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`quota ${teamId}`}, 0))`;
  const { bytes, bytesUnderWay, uploads } = await usageOf(transaction, teamId);
  if (quotas.uploads !== null && uploads >= quotas.uploads) {
    throw new FieldError(
      `${uploads} uploads of the team are under way, of at most ${quotas.uploads}: let one end, or cancel it`,
      'fileName',
    );
  }
  if (quotas.bytes !== null && bytes + bytesUnderWay + wanted > quotas.bytes) {
    const taken = `the team stores ${sizeWords(bytes)}, and ${sizeWords(bytesUnderWay)} are under way`;
    throw new FieldError(
      `${taken}: ${sizeWords(wanted)} more are above its ${sizeWords(quotas.bytes)}; purge what is in the trash, or ask whoever runs the platform for more`,
      'bytes',
    );
  }
}
