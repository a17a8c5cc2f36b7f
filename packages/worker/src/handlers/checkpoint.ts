import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { appendEvent, type Claim, writeRun } from '@espalier/runs';
import { freeArtifacts, registerArtifact, removeFreed } from '@espalier/store';
import type { WorkerContext } from './handler.ts';

type Stores = Pick<WorkerContext, 'database' | 'artifacts'>;

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
  let superseded: string | undefined = sha256;
  try {
    superseded = await writeRun(
      database.prisma,
      claim,
      async (transaction, { id: runId }) => {
        const before = await transaction.runCheckpoint.findUnique({ where: { runId } });
        await registerArtifact(transaction, artifacts, stored, 'application/octet-stream');
        await transaction.runCheckpoint.upsert({
          where: { runId },
          create: { runId, sha256, step },
          update: { sha256, step, createdAt: new Date() },
        });
        await appendEvent(transaction, runId, 'checkpoint', { step });
        return before?.sha256;
      },
      signal,
    );
  } finally {
    if (superseded !== undefined) await freeArtifact(stores, superseded);
  }
}

/** Writes the last checkpoint of a run into a file; null where there is none. */
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

/** Removes an artifact that nothing refers to, also one that was put and never registered. */
export async function freeArtifact({ database, artifacts }: Stores, sha256: string): Promise<void> {
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
