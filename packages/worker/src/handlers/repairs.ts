import { createReadStream, createWriteStream } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { appendEvent, type Claim, stored as columnOf, writeRun, written } from '@espalier/runs';
import { freeArtifacts, registerArtifact, removeFreed, type Transaction } from '@espalier/store';
import type { KeptRepair } from '../tasks/task.ts';
import { freePut, type Stores } from './checkpoint.ts';

/**
 * Keeps a repaired network where every machine finds it: whoever takes the run over goes on from these bytes.
 *
 * @throws {LostClaim} if the run belongs to another worker by now; nothing is kept then
 * @throws {PurgedMeanwhile} if a purge took the bytes after they were put
 */
export async function keepRepair(
  stores: Stores,
  claim: Claim,
  { key, file, summary }: KeptRepair,
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
        await registerArtifact(transaction, artifacts, stored, 'application/onnx');
        const kept = { sha256, ...written('RunRepair', { summary }) };
        // One that could not be read was made again.
        const before = await transaction.runRepair.findMany({ where: { runId, key } });
        await transaction.runRepair.upsert({
          where: { runId_key: { runId, key } },
          create: { runId, key, ...kept },
          update: kept,
        });
        await freeArtifacts(
          transaction,
          before.map((each) => each.sha256),
        );
        const { images, layers, left } = summary;
        const counts = { layers: layers.length, left: left.length };
        await appendEvent(transaction, runId, { kind: 'repaired', images, ...counts });
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
 * Drops those of a run that is over, but for the last one where something followed it: whoever wants the repaired
 * network beside the trained one finds it there.
 *
 * @param sha256 of the network that the run ends with
 */
export async function dropRepairs(transaction: Transaction, runId: string, sha256: string): Promise<void> {
  const [last, ...earlier] = await transaction.runRepair.findMany({
    where: { runId },
    orderBy: [{ createdAt: 'desc' }, { key: 'asc' }],
    select: { key: true, sha256: true },
  });
  const dropped = last && last.sha256 !== sha256 ? earlier : [...(last ? [last] : []), ...earlier];
  await transaction.runRepair.deleteMany({ where: { runId, key: { in: dropped.map(({ key }) => key) } } });
  await freeArtifacts(
    transaction,
    dropped.map((each) => each.sha256),
  );
}

/** Writes the repaired networks of earlier attempts of a run into files; one whose bytes are gone is left out. */
export async function fetchRepairs(
  { database, artifacts }: Stores,
  runId: string,
  folder: string,
): Promise<KeptRepair[]> {
  const rows = await database.prisma.runRepair.findMany({ where: { runId } });
  const fetched: KeptRepair[] = [];
  for (const { key, sha256, summary } of rows) {
    const bytes = await artifacts.get(sha256);
    if (!bytes) continue;
    const file = path.join(folder, `earlier-${key}.onnx`);
    await pipeline(bytes, createWriteStream(file));
    fetched.push({ key, file, summary: columnOf('RunRepair', 'summary', summary) });
  }
  return fetched;
}
