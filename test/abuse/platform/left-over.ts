import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { patiently } from '../../../packages/runs/src/claims/patience.ts';
import type { Stage } from './stage.ts';

/** A job of somebody who died is delivered once more, and its new worker finds nothing to do. */
const PATIENCE_MS = 60_000;

/** What is left when all runs are over, and should not be: jobs, claims, bytes that nobody refers to. */
export async function leftOver(on: Stage, runs: readonly string[]): Promise<string[]> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const left = await patiently(() => look(on, runs));
    if (left.length === 0 || performance.now() > deadline) return left;
    await setTimeout(500);
  }
}

async function look({ database: { prisma }, folder }: Stage, runs: readonly string[]): Promise<string[]> {
  const left: string[] = [];
  const jobs = await prisma.$queryRaw<{ id: string; name: string; state: string }[]>`
    SELECT id::text, name, state::text FROM queue.job
    WHERE state < 'completed' AND data->>'teamId' IS NOT NULL`;
  for (const { id, name, state } of jobs) left.push(`job ${id} of ${name} is still ${state}`);
  const claimed = await prisma.run.findMany({
    where: { id: { in: [...runs] }, NOT: { workerId: null } },
    select: { id: true, state: true },
  });
  for (const { id, state } of claimed) left.push(`run ${id} is ${state}, and a worker has it`);
  const shares = await prisma.samplingShard.findMany({
    where: { state: 'done', NOT: { workerId: null } },
    select: { samplingRunId: true, index: true },
  });
  for (const { samplingRunId, index } of shares)
    left.push(`share ${index} of ${samplingRunId} is done, and a worker has it`);
  const none = { none: {} };
  const alone = await prisma.artifact.findMany({
    where: {
      ...{ models: none, datasets: none, sheets: none },
      ...{ uploads: none, results: none, checkpoints: none, shards: none },
    },
    select: { sha256: true },
  });
  for (const { sha256 } of alone) left.push(`nothing refers to artifact ${sha256}`);
  const [artifacts, freed] = await Promise.all([
    prisma.artifact.findMany({ select: { sha256: true } }),
    prisma.freedArtifact.findMany({ select: { sha256: true } }),
  ]);
  const known = new Set([...artifacts, ...freed].map(({ sha256 }) => sha256));
  for (const kept of await keptIn(path.join(folder, 'artifacts'))) {
    if (!known.has(kept)) left.push(`bytes ${kept} are kept, and the database does not know of them`);
  }
  return left;
}

/** The sha256s of what a folder of artifacts holds. */
async function keptIn(folder: string): Promise<string[]> {
  const files = await readdir(folder, { recursive: true });
  return files.map((file) => file.replaceAll(path.sep, '')).filter((name) => /^[0-9a-f]{64}$/.test(name));
}
