import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { appendEvent, type Claim, writeRun } from '@espalier/runs';
import { freeArtifacts, registerArtifact, removeFreed, type Transaction } from '@espalier/store';
import type { WorkerContext } from './handler.ts';

export type Stores = Pick<WorkerContext, 'database' | 'artifacts'>;

/**
 * Keeps a checkpoint where every machine finds it, in the place of the one before.
 *
 * @throws {LostClaim} if the run belongs to another worker by now; nothing is kept then
 * @throws {PurgedMeanwhile} if a purge took the bytes after they were put
 */
export async function keepCheckpoint(
  stores: Stores,
  claim: Claim,
  { file, step }: { readonly file: string; readonly step: number },
  signal: AbortSignal,
): Promise<void> {
  const { database, artifacts } = stores;
  const stored = await artifacts.put(createReadStream(file));
  const { sha256 } = stored;
  try {
    await writeRun(
      database.prisma,
      claim,
      async (transaction, { id: runId }) => {
        const before = await checkpointsOf(transaction, runId);
        await registerArtifact(transaction, artifacts, stored, 'application/octet-stream');
        await transaction.runCheckpoint.upsert({
          where: { runId },
          create: { runId, sha256, step },
          update: { sha256, step, createdAt: new Date() },
        });
        await freeArtifacts(transaction, before);
        await appendEvent(transaction, runId, { kind: 'checkpoint', step });
      },
      signal,
    );
  } catch (error) {
    await freePut(stores, sha256);
    throw error;
  }
  await removeFreed(database.prisma, artifacts);
}

/**
 * Drops the checkpoint of a run, if there is one. Its bytes are free in the transaction that needs them no more:
 * whoever is cut off behind it leaves nothing that is not known. `removeFreed` takes them away.
 */
export async function dropCheckpoint(transaction: Transaction, runId: string): Promise<void> {
  const before = await checkpointsOf(transaction, runId);
  await transaction.runCheckpoint.deleteMany({ where: { runId } });
  await freeArtifacts(transaction, before);
}

async function checkpointsOf(transaction: Transaction, runId: string): Promise<string[]> {
  const found = await transaction.runCheckpoint.findMany({ where: { runId }, select: { sha256: true } });
  return found.map(({ sha256 }) => sha256);
}

/** Writes the last checkpoint of a run into a file; null if there is none. */
export async function fetchCheckpoint(
  { database, artifacts }: Stores,
  runId: string,
  file: string,
): Promise<string | null> {
  const found = await database.prisma.runCheckpoint.findUnique({ where: { runId } });
  const bytes = found && (await artifacts.get(found.sha256));
  if (!bytes) return null;
  await pipeline(bytes, createWriteStream(file));
  return file;
}

/** Removes bytes that were put and may not have been registered, unless something refers to them. */
export async function freePut({ database, artifacts }: Stores, sha256: string): Promise<void> {
  const { prisma } = database;
  await prisma.$transaction(async (transaction) => {
    await freeArtifacts(transaction, [sha256]);
    if ((await transaction.artifact.count({ where: { sha256 } })) > 0) return;
    const removable = { removableAt: new Date() };
    await transaction.freedArtifact.upsert({
      where: { sha256 },
      create: { sha256, bytes: 0, ...removable },
      update: removable,
    });
  });
  await removeFreed(prisma, artifacts);
}
