import {
  freeArtifacts,
  Prisma,
  type Removed,
  removeFreed,
  removeUnreferenced,
  type Transaction,
  tellPurged,
} from '@espalier/store';
import { requireRole } from '../access/viewer.ts';
import { audit, auditEach } from '../audit.ts';
import { Conflict } from '../errors.ts';
import { freeKeys } from '../external/client-key.ts';
import type { Context } from '../graphql/context.ts';
import { forgetAnswers } from '../graphql/under-key.ts';
import { deletable } from './trash.ts';
import { KINDS, namesOf } from './trash-source.ts';

const LONG = { timeout: 600_000 } as const;

export interface Purged extends Removed {
  /** Projects, experiments, runs, models, data sets, devices, profiles, benchmarks and published results that are gone, with what lay in them. */
  readonly rows: number;
}

/**
 * Takes things in the trash away permanently, with all that is in them or uses them, and frees artifacts that
 * nothing refers to any more. Ids that there are not (any more) are passed over: it may be called again.
 *
 * @throws {FieldError} for one that is not in the trash
 */
export async function purge(
  { viewer, database, artifacts }: Context,
  ids: readonly string[],
): Promise<Purged> {
  const admin = requireRole(viewer, 'admin');
  const { teamId } = admin;
  const kinds = deletable(ids);
  const { prisma } = database;
  const rows = await prisma.$transaction(async (transaction) => {
    const asked = [...kinds.values()].flat();
    const gone = await inTrash(transaction, teamId, asked);
    if (gone.all.length === 0) return 0;
    const bytes = await lastReferences(transaction, gone);
    const names = await namesOf(transaction, teamId, asked);
    await releaseSamplings(transaction, gone);
    for (const { table } of KINDS) {
      await transaction.$executeRaw(
        Prisma.sql`DELETE FROM ${Prisma.raw(`"${table}"`)} WHERE "id" = ANY(${gone.all})`,
      );
    }
    await freeArtifacts(transaction, bytes);
    await tellPurged(transaction, bytes);
    await forgetAnswers(transaction, teamId);
    await freeKeys(transaction, teamId);
    await transaction.$executeRaw`DELETE FROM "PublicLink" WHERE "teamId" = ${teamId} AND "runIds" && ${gone.all}`;
    await transaction.$executeRaw`DELETE FROM "WebhookDelivery" WHERE "subjectId" = ANY(${gone.all})`;
    const purged = new Set(gone.all);
    await auditEach(
      transaction,
      admin,
      'purge',
      asked.filter((one) => purged.has(one)),
      // Nothing else knows it from now on.
      (one) => ({ name: names.get(one) ?? '' }),
    );
    return gone.all.length;
  }, LONG);
  return { rows, ...(await removeFreed(prisma, artifacts)) };
}

/** Frees every artifact that nothing refers to, and goes on with what an interrupted purge left. */
export async function purgeArtifacts({ viewer, database, artifacts }: Context): Promise<Purged> {
  const admin = requireRole(viewer, 'admin');
  const { prisma } = database;
  const removed = await removeUnreferenced(prisma, artifacts);
  await prisma.$transaction((transaction) =>
    audit(transaction, admin, 'artifacts.purge', admin.teamId, { ...removed }),
  );
  return { rows: 0, ...removed };
}

interface Gone {
  readonly runs: readonly string[];
  readonly models: readonly string[];
  readonly datasets: readonly string[];
  readonly profiles: readonly string[];
  readonly all: readonly string[];
}

/** What was asked for and is in the trash, and all below it, locked. */
async function inTrash(transaction: Transaction, teamId: string, asked: readonly string[]): Promise<Gone> {
  const some = [...asked];
  const list = async (table: string, below = Prisma.sql`false`) => {
    const found = await transaction.$queryRaw<{ id: string; living: boolean }[]>(Prisma.sql`
      SELECT x."id", x."id" = ANY(${some}) AND x."deletedAt" IS NULL AS "living" FROM ${Prisma.raw(`"${table}"`)} x
      WHERE x."teamId" = ${teamId} AND (x."id" = ANY(${some}) OR ${below}) FOR UPDATE`);
    const living = found.find((row) => row.living);
    if (living) throw new Conflict(`${living.id} is not in the trash: delete it first`, 'ids');
    return found.map(({ id }) => id);
  };
  const projects = await list('Project');
  const models = await list('Model', Prisma.sql`x."projectId" = ANY(${projects})`);
  const datasets = await list('Dataset');
  const devices = await list('Device');
  const profiles = await list('DeviceProfile', Prisma.sql`x."deviceId" = ANY(${devices})`);
  const experiments = await list(
    'Experiment',
    Prisma.sql`x."projectId" = ANY(${projects}) OR x."modelId" = ANY(${models}) OR x."datasetId" = ANY(${datasets})
      OR x."profileId" = ANY(${profiles})`,
  );
  const runs = await list('Run', Prisma.sql`x."experimentId" = ANY(${experiments})`);
  const published = await list('PublishedResult');
  const benchmarks = await list('Benchmark');
  const all = [
    ...published,
    ...benchmarks,
    ...runs,
    ...experiments,
    ...models,
    ...datasets,
    ...profiles,
    ...devices,
    ...projects,
  ];
  return { runs, models, datasets, profiles, all };
}

/** Artifacts that these rows refer to. The uploads that brought them have done their work. */
async function lastReferences(
  transaction: Transaction,
  { runs, models, datasets, profiles }: Gone,
): Promise<string[]> {
  await transaction.$executeRaw`
    DELETE FROM "Upload" u USING (
      SELECT "teamId", "sha256", "createdAt" FROM "Model" WHERE "id" = ANY(${[...models]})
      UNION ALL SELECT "teamId", "sha256", "createdAt" FROM "Dataset" WHERE "id" = ANY(${[...datasets]})
      UNION ALL SELECT "teamId", "sha256", "createdAt" FROM "DeviceProfile" WHERE "id" = ANY(${[...profiles]})
    ) x WHERE u."teamId" = x."teamId" AND u."sha256" = x."sha256" AND u."createdAt" <= x."createdAt"`;
  const found = await transaction.$queryRaw<{ sha256: string }[]>`
    SELECT "sha256" FROM "Model" WHERE "id" = ANY(${[...models]})
    UNION SELECT "sha256" FROM "Dataset" WHERE "id" = ANY(${[...datasets]}) AND "sha256" IS NOT NULL
    UNION SELECT "sheetSha256" FROM "Dataset" WHERE "id" = ANY(${[...datasets]}) AND "sheetSha256" IS NOT NULL
    UNION SELECT "sha256" FROM "DeviceProfile" WHERE "id" = ANY(${[...profiles]})
    UNION SELECT "sha256" FROM "PrunedResult" WHERE "runId" = ANY(${[...runs]}) AND "sha256" IS NOT NULL
    UNION SELECT "sha256" FROM "RunCheckpoint" WHERE "runId" = ANY(${[...runs]})
    UNION SELECT "sha256" FROM "RunRepair" WHERE "runId" = ANY(${[...runs]})
    UNION SELECT h."sha256" FROM "SamplingShard" h JOIN "Run" r ON r."samplingRunId" = h."samplingRunId"
      WHERE r."id" = ANY(${[...runs]}) AND h."sha256" IS NOT NULL`;
  return found.map(({ sha256 }) => sha256);
}

/**
 * Sampling runs that only these runs used go with them. One that others use stays, and is sampled on their
 * network and data, which are the same.
 */
async function releaseSamplings(transaction: Transaction, { runs, models, datasets }: Gone): Promise<void> {
  const touched = await transaction.$queryRaw<{ id: string; key: string }[]>`
    SELECT "id", "key" FROM "SamplingRun" s WHERE s."modelId" = ANY(${[...models]}) OR s."datasetId" = ANY(${[...datasets]})
      OR EXISTS (SELECT 1 FROM "Run" r WHERE r."samplingRunId" = s."id" AND r."id" = ANY(${[...runs]}))
    ORDER BY "key"`;
  // Whoever starts a run locks the key: either we see the run, or it does not find the sampling.
  for (const { key } of touched) {
    await transaction.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${key}, 0))`;
  }
  const ids = touched.map(({ id }) => id);
  await transaction.$executeRaw`
    UPDATE "SamplingRun" s SET "modelId" = e."modelId", "datasetId" = e."datasetId"
    FROM "Run" r JOIN "Experiment" e ON e."id" = r."experimentId"
    WHERE s."id" = ANY(${ids}) AND r."samplingRunId" = s."id" AND r."id" <> ALL(${[...runs]})`;
  await transaction.$executeRaw`
    DELETE FROM "SamplingRun" s WHERE s."id" = ANY(${ids}) AND NOT EXISTS (
      SELECT 1 FROM "Run" r WHERE r."samplingRunId" = s."id" AND r."id" <> ALL(${[...runs]}))`;
}
