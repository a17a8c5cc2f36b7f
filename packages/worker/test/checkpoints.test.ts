import type { ChildProcess } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { claimRun, type RunSpec } from '@espalier/runs';
import { type ArtifactStore, folderArtifacts, newId, type PrismaClient } from '@espalier/store';
import { expect, it } from 'vitest';
import { type Platform, platform, started, until } from '../../runs/test/platform.ts';
import { keepCheckpoint } from '../src/handlers/checkpoint.ts';
import { outOfProcess } from './processes.ts';

const EPOCHS = 40;

const spec: RunSpec = {
  allocation: 'uniform',
  criterion: 'l1',
  target: { metric: 'macs', share: 0.4 },
  seed: 3,
};

it('a fine-tuning whose worker dies goes on elsewhere, to the same weights', {
  timeout: 600_000,
}, async () => {
  const on = await platform({ recipe: { epochs: EPOCHS, batch: 16, learningRate: 0.01 } });
  const { prisma } = on.database;
  const [run] = await start(on);
  // Each worker process has a separate home: the heir's is empty.
  const victim = outOfProcess(on);
  await until(async () => (await prisma.runCheckpoint.count()) > 0);
  await killBetweenCheckpoints(on, victim);
  outOfProcess(on);
  await untilFinished(on, 1);
  const events = await prisma.runEvent.findMany({ where: { runId: run?.id ?? '' }, orderBy: { seq: 'asc' } });
  const resumed = events.filter(({ kind }) => kind === 'resumed');
  expect(resumed.length).toBeGreaterThan(0);
  for (const { data } of resumed) expect((data as { step: number }).step).toBeGreaterThan(0);
  const epochs = await prisma.epochMetric.findMany({ orderBy: { epoch: 'asc' } });
  expect(epochs.map(({ epoch }) => epoch)).toEqual(Array.from({ length: EPOCHS }, (_, i) => i + 1));

  await start(on);
  await untilFinished(on, 2);
  const results = await prisma.prunedResult.findMany();
  expect(new Set(results.map(({ networkHash }) => networkHash)).size).toBe(1);
  // What is over needs no checkpoint.
  expect(await prisma.runCheckpoint.count()).toBe(0);
  // The network, and what the runs made of it. A worker removes the last checkpoint when it has written that the
  // run is over.
  const kept = 1 + new Set(results.map(({ sha256 }) => sha256)).size;
  await expect.poll(() => prisma.artifact.count(), { timeout: 30_000 }).toBe(kept);
  const known = await registered(on);
  await expect.poll(() => stored(on), { timeout: 30_000 }).toEqual(known);
});

it('a checkpoint in the place of another leaves nothing unknown, also where its worker is cut off right behind it', async () => {
  const on = await platform({ recipe: { epochs: 1, batch: 16, learningRate: 0.01 } });
  const { prisma } = on.database;
  await start(on);
  const { id: runId, ticket } = await prisma.run.findFirstOrThrow();
  const claim = await claimRun(prisma, { runId, ticket }, await aWorker(prisma));
  if (!claim) throw new Error('the run cannot be claimed');
  const store = folderArtifacts(path.join(on.folder, 'artifacts'));
  const cutOff = { ...store, remove: () => Promise.reject(new Error('cut off')) };
  const file = path.join(on.folder, 'checkpoint');
  const keep = async (bytes: string, artifacts: ArtifactStore) => {
    await writeFile(file, bytes);
    return keepCheckpoint(
      { database: on.database, artifacts },
      claim,
      { file, step: 1 },
      new AbortController().signal,
    );
  };
  await keep('the first', store);
  const first = await prisma.runCheckpoint.findUniqueOrThrow({ where: { runId } });
  await expect(keep('the second', cutOff)).rejects.toThrow('cut off');
  const second = await prisma.runCheckpoint.findUniqueOrThrow({ where: { runId } });
  expect(second.sha256).not.toBe(first.sha256);
  // The network, and the second one.
  expect(await prisma.artifact.count({ where: { sha256: first.sha256 } })).toBe(0);
  expect(await prisma.artifact.count()).toBe(2);
  expect(await prisma.freedArtifact.count({ where: { sha256: first.sha256 } })).toBe(1);
  // The same bytes once more are kept.
  await keep('the second', store);
  expect(await store.size(second.sha256)).toBe('the second'.length);
  expect(await store.size(first.sha256)).toBe(null);
});

async function aWorker(prisma: PrismaClient): Promise<string> {
  const row = { host: 'here', pid: 1, engine: 'onnxruntime', cores: 1, memoryBytes: 1, version: '0' };
  return (await prisma.worker.create({ data: { id: newId('worker'), ...row } })).id;
}

/**
 * A worker that is killed while it puts one checkpoint in the place of another leaves the bytes of one of them to the
 * API's tidying. Which moment it is must not be left to chance.
 */
async function killBetweenCheckpoints(on: Platform, victim: ChildProcess): Promise<void> {
  await until(async () => {
    victim.kill('SIGSTOP');
    // What it has sent to the database is still carried out.
    await setTimeout(100);
    const known = await registered(on);
    // The network, and one checkpoint.
    if (known.length === 2 && `${await stored(on)}` === `${known}`) return victim.kill('SIGKILL');
    victim.kill('SIGCONT');
    return false;
  });
}

async function registered({ database: { prisma } }: Platform): Promise<string[]> {
  return (await prisma.artifact.findMany({ select: { sha256: true } })).map(({ sha256 }) => sha256).sort();
}

/** The artifacts that have bytes. */
async function stored({ folder }: Platform): Promise<string[]> {
  // Names are split after two digits.
  const files = await readdir(path.join(folder, 'artifacts'), { recursive: true });
  return files
    .map((file) => file.replaceAll(path.sep, ''))
    .filter((name) => name.length === 64)
    .sort();
}

async function start(on: Platform) {
  return started(on, [spec]);
}

async function untilFinished({ database: { prisma } }: Platform, count: number): Promise<void> {
  await until(async () => (await prisma.run.count({ where: { finishedAt: { not: null } } })) === count);
  expect(await prisma.run.findMany({ where: { state: { not: 'finished' } } })).toEqual([]);
}
