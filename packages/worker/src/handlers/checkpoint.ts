import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { type Claim, writeRun } from '../claims/claims.ts';
import { appendEvent } from '../claims/events.ts';
import type { WorkerContext } from './handler.ts';

type Stores = Pick<WorkerContext, 'database' | 'artifacts'>;

/**
 * Keeps a checkpoint where every machine finds it, in the place of the one before.
 *
 * @throws {LostClaim} if the run belongs to another worker by now; nothing is kept then
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
        await transaction.artifact.upsert({
          where: { sha256 },
          create: { ...stored, mediaType: 'application/octet-stream' },
          update: {},
        });
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

/** Removes an artifact that nothing refers to. */
export async function freeArtifact({ database, artifacts }: Stores, sha256: string): Promise<void> {
  const none = { none: {} };
  const { count } = await database.prisma.artifact.deleteMany({
    where: {
      ...{ sha256, models: none, datasets: none, uploads: none, results: none, shards: none },
      ...{ checkpoints: none, sheets: none },
    },
  });
  const known = count > 0 || (await database.prisma.artifact.count({ where: { sha256 } })) > 0;
  if (count > 0 || !known) await artifacts.remove(sha256);
}
