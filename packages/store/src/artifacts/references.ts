import type { Transaction } from '../database/open.ts';
import { Prisma, type PrismaClient } from '../generated/client.ts';
import type { ArtifactStore, StoredArtifact } from './artifact-store.ts';

/** An unused upload keeps its bytes for as long. */
const UPLOAD_HOURS = 24;

/** Whoever puts bytes has as long to refer to them. */
const PUT_HOURS = 24;

/** Told when artifacts were purged: machines look for what they have of them. */
export const PURGED_CHANNEL = 'espalier_purged';

/** Bytes that were purged between their arrival and their registration: they have to be sent again. */
export class PurgedMeanwhile extends Error {
  override name = 'PurgedMeanwhile';
  /** Of HTTP. */
  readonly status = 409;
}

/**
 * The same store, but bytes are noted before they are kept: those of a process that ends before it refers to them
 * are removed by a later `removeFreed`, and until then none removes them.
 */
export function noted(store: ArtifactStore, prisma: PrismaClient): ArtifactStore {
  const note = ({ sha256, bytes }: StoredArtifact) =>
    prisma.$transaction(async (transaction) => {
      await lock(transaction, sha256);
      const removableAt = new Date(Date.now() + PUT_HOURS * 3_600_000);
      await transaction.freedArtifact.upsert({
        where: { sha256 },
        create: { sha256, bytes, removableAt },
        update: { removableAt },
      });
    });
  return {
    ...store,
    put: (bytes, options = {}) =>
      store.put(bytes, {
        ...options,
        async before(stored) {
          await options.before?.(stored);
          await note(stored);
        },
      }),
  };
}

/**
 * Notes that the store has an artifact, in the transaction that makes something refer to it. From here until the
 * transaction ends nobody can remove its bytes; that they are there is looked at under the same lock.
 *
 * @throws {PurgedMeanwhile} if a purge took the bytes after they were put
 */
export async function registerArtifact(
  transaction: Transaction,
  artifacts: ArtifactStore,
  { sha256, bytes }: StoredArtifact,
  mediaType: string,
): Promise<void> {
  await lock(transaction, sha256);
  await transaction.artifact.upsert({
    where: { sha256 },
    create: { sha256, bytes, mediaType },
    update: {},
  });
  await transaction.freedArtifact.deleteMany({ where: { sha256 } });
  if ((await artifacts.size(sha256)) === null) {
    throw new PurgedMeanwhile('a purge removed these bytes while they arrived: send them again');
  }
}

/**
 * Frees those of some artifacts that nothing refers to. What refers to artifacts is what the database's foreign
 * keys say; references are counted and rows deleted by one statement, under locks that a registration of the same
 * bytes waits for. The bytes are still there: `removeFreed` takes them away once the transaction is committed.
 */
export async function freeArtifacts(transaction: Transaction, sha256s: readonly string[]): Promise<number> {
  // In one order everywhere.
  const wanted = [...new Set(sha256s)].sort();
  for (const sha256 of wanted) await lock(transaction, sha256);
  await transaction.upload.deleteMany({
    where: { sha256: { in: wanted }, createdAt: { lt: longAgo() } },
  });
  // Whoever makes a reference at this moment has the row locked: what they commit is seen below.
  await transaction.$queryRaw`SELECT 1 FROM "Artifact" WHERE "sha256" = ANY(${wanted}) ORDER BY "sha256" FOR UPDATE`;
  return transaction.$executeRaw(Prisma.sql`
    WITH freed AS (
      DELETE FROM "Artifact" a WHERE a."sha256" = ANY(${wanted}) AND ${await unreferenced(transaction)}
      RETURNING a."sha256", a."bytes"
    )
    INSERT INTO "FreedArtifact" ("sha256", "bytes") SELECT "sha256", "bytes" FROM freed
    ON CONFLICT ("sha256") DO NOTHING`);
}

/** Has every machine remove what it keeps of those of some artifacts that are gone when the transaction is over. */
export async function tellPurged(transaction: Transaction, sha256s: readonly string[]): Promise<void> {
  const told = await transaction.$executeRaw`
    INSERT INTO "PurgedArtifact" ("sha256") SELECT s FROM unnest(${[...new Set(sha256s)]}::text[]) s
    WHERE NOT EXISTS (SELECT 1 FROM "Artifact" a WHERE a."sha256" = s)
    ON CONFLICT ("sha256") DO UPDATE SET "purgedAt" = now()`;
  if (told > 0) await transaction.$executeRaw`SELECT pg_notify(${PURGED_CHANNEL}, '')`;
}

/** Artifacts that nothing refers to at the moment, at most `most` of them. */
async function unreferencedArtifacts(prisma: PrismaClient, most: number): Promise<string[]> {
  await prisma.upload.deleteMany({ where: { createdAt: { lt: longAgo() } } });
  const found = await prisma.$queryRaw<{ sha256: string }[]>(
    Prisma.sql`SELECT a."sha256" FROM "Artifact" a WHERE ${await unreferenced(prisma)} LIMIT ${most}`,
  );
  return found.map(({ sha256 }) => sha256);
}

export interface Removed {
  readonly artifacts: number;
  readonly bytes: number;
}

/**
 * Takes the bytes of freed artifacts out of the store. What was interrupted is done by the next call; bytes that
 * were registered again since are kept.
 */
export async function removeFreed(prisma: PrismaClient, artifacts: ArtifactStore): Promise<Removed> {
  const removed = { artifacts: 0, bytes: 0 };
  const due = () => ({ removableAt: { lte: new Date() } });
  for (const { sha256 } of await prisma.freedArtifact.findMany({
    where: due(),
    orderBy: { sha256: 'asc' },
  })) {
    await prisma.$transaction(
      async (transaction) => {
        await lock(transaction, sha256);
        const freed = await transaction.freedArtifact.findUnique({ where: { sha256, ...due() } });
        if (!freed) return;
        await transaction.freedArtifact.delete({ where: { sha256 } });
        if ((await transaction.artifact.count({ where: { sha256 } })) > 0) return;
        await artifacts.remove(sha256);
        removed.artifacts++;
        removed.bytes += Number(freed.bytes);
      },
      { timeout: 60_000 },
    );
  }
  return removed;
}

/** Artifacts that are freed by one transaction. */
const BATCH = 500;
/** A machine that was not seen for longer has nothing left of what was purged, but for the size of its cache. */
const TOLD_DAYS = 400;

/**
 * Frees every artifact that nothing refers to, removes the bytes that are due, and has machines remove theirs. What
 * several processes do of it at once is done once.
 */
export async function removeUnreferenced(prisma: PrismaClient, artifacts: ArtifactStore): Promise<Removed> {
  for (;;) {
    const found = await unreferencedArtifacts(prisma, BATCH);
    const free = async (transaction: Transaction) => {
      const freed = await freeArtifacts(transaction, found);
      await tellPurged(transaction, found);
      return freed;
    };
    const freed = await prisma.$transaction(free, { timeout: 600_000 });
    if (found.length < BATCH || freed === 0) break;
  }
  const longAgo = new Date(Date.now() - TOLD_DAYS * 24 * 3_600_000);
  await prisma.purgedArtifact.deleteMany({ where: { purgedAt: { lt: longAgo } } });
  return removeFreed(prisma, artifacts);
}

/** Until the transaction ends. */
async function lock(transaction: Transaction, sha256: string): Promise<void> {
  await transaction.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`artifact ${sha256}`}, 0))`;
}

async function unreferenced(prisma: Pick<PrismaClient, '$queryRaw'>): Promise<Prisma.Sql> {
  const keys = await prisma.$queryRaw<{ table: string; column: string }[]>`
    SELECT k.conrelid::regclass::text AS "table", quote_ident(c.attname) AS "column"
    FROM pg_constraint k JOIN pg_attribute c ON c.attrelid = k.conrelid AND c.attnum = k.conkey[1]
    WHERE k.contype = 'f' AND k.confrelid = '"Artifact"'::regclass`;
  return Prisma.join(
    keys.map(({ table, column }) =>
      Prisma.raw(`NOT EXISTS (SELECT 1 FROM ${table} x WHERE x.${column} = a."sha256")`),
    ),
    ' AND ',
  );
}

function longAgo(): Date {
  return new Date(Date.now() - UPLOAD_HOURS * 3_600_000);
}
