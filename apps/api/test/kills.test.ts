import { chmod, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { folderArtifacts, openDatabase, startEmbeddedPostgres } from '@espalier/store';
import { expect, it, onTestFinished } from 'vitest';
import { brokenInvariants } from '../../../packages/runs/test/invariants.ts';
import { fillTiny } from '../../../packages/runs/test/tiny-experiment.ts';
import { stopAt } from '../../../packages/worker/test/breakpoint.ts';
import { childrenOf, editorKey, lives, type Main, readEvents, startMain } from './main-process.ts';
import { client } from './platform.ts';

const RECIPE = { epochs: 2, batch: 16, learningRate: 0.01 };
const PATIENCE_MS = 400_000;

it(
  'a killed platform goes on at its next start, and readers of events where they stopped',
  async () => {
    const home = await newHome();
    const first = await started(home);
    // Joined, not owned: the platform's own database.
    const postgres = await startEmbeddedPostgres(path.join(home, 'postgres'));
    expect(postgres.owned).toBe(false);
    const database = await openDatabase(postgres.url);
    onTestFinished(() => database.close());
    const { prisma } = database;
    const artifacts = folderArtifacts(path.join(home, 'artifacts'));
    const experimentId = await fillTiny({
      ...{ folder: home, database, artifacts },
      ...{ samples: 20, perClass: 30, recipe: RECIPE },
    });
    const key = await editorKey(database);
    const point = await stopAt(postgres.url, 'INSERT ON "EpochMetric"', 'NEW.epoch = 2');
    const { data } = await client(first.address, key).ask(
      `mutation { startRuns(input: { experimentId: "${experimentId}", strategies: [{ allocation: "cie" }], targets: [{ share: 0.4 }] }) { runs { id } } }`,
    );
    const runId = data.startRuns.runs[0].id;
    const read: number[] = [];
    const reading = readEvents(first.address, key, runId, read);
    await point.reached();
    const computing = childrenOf(first.process.pid).filter((pid) => pid !== postgres.pid);
    expect(computing.length).toBeGreaterThan(0);
    first.process.kill('SIGKILL');
    await reading;
    await point.release();
    expect(read.length).toBeGreaterThan(0);
    // What it computed in is gone, too; the database is not.
    while (computing.some(lives)) await setTimeout(50);
    expect(lives(postgres.pid)).toBe(true);
    expect(await brokenInvariants(prisma, artifacts)).toEqual([]);

    const second = await started(home);
    await readEvents(second.address, key, runId, read);
    expect(await prisma.run.findUniqueOrThrow({ where: { id: runId } })).toMatchObject({
      state: 'finished',
      error: null,
    });
    expect(read).toEqual(read.map((_, i) => i + 1));
    expect(await prisma.runEvent.count({ where: { runId } })).toBe(read.length);
    expect(await prisma.epochMetric.count()).toBe(2);
    expect(await brokenInvariants(prisma, artifacts)).toEqual([]);
    second.process.kill('SIGTERM');
    expect(await new Promise((resolve) => second.process.once('exit', resolve))).toBe(0);
    expect(lives(postgres.pid)).toBe(false);
  },
  PATIENCE_MS,
);

it(
  'readers of events, and the platform itself, outlive the death of its database',
  async () => {
    const home = await newHome();
    const { process: platform, address } = await started(home);
    const postgres = await startEmbeddedPostgres(path.join(home, 'postgres'));
    const database = await openDatabase(postgres.url);
    onTestFinished(() => database.close());
    const artifacts = folderArtifacts(path.join(home, 'artifacts'));
    const experimentId = await fillTiny({
      ...{ folder: home, database, artifacts, samples: 20, perClass: 30, recipe: RECIPE },
    });
    const key = await editorKey(database);
    const { data } = await client(address, key).ask(
      `mutation { startRuns(input: { experimentId: "${experimentId}", strategies: [{ allocation: "cie" }], targets: [{ share: 0.4 }] }) { runs { id } } }`,
    );
    const runId = data.startRuns.runs[0].id;
    const read: number[] = [];
    const reading = readEvents(address, key, runId, read);
    while (read.length === 0) await setTimeout(20);
    process.kill(postgres.pid, 'SIGKILL');
    // It breaks off, or not: whoever reads comes back with the last number.
    await reading;
    const state = () => database.prisma.run.findUniqueOrThrow({ where: { id: runId } }).catch(() => null);
    while ((await state())?.state !== 'finished') {
      await readEvents(address, key, runId, read);
      await setTimeout(200);
    }
    await readEvents(address, key, runId, read);
    expect(read).toEqual(read.map((_, i) => i + 1));
    expect(await database.prisma.runEvent.count({ where: { runId } })).toBe(read.length);
    expect(await brokenInvariants(database.prisma, artifacts)).toEqual([]);
    platform.kill('SIGTERM');
    expect(await new Promise((resolve) => platform.once('exit', resolve))).toBe(0);
  },
  PATIENCE_MS,
);

async function newHome(): Promise<string> {
  const home = await mkdtemp('/var/tmp/espalier-killed-');
  await chmod(home, 0o755);
  onTestFinished(async () => {
    // A database that is left is taken over.
    await (await startEmbeddedPostgres(path.join(home, 'postgres'))).stop();
    await rm(home, { recursive: true, force: true });
  });
  return home;
}

async function started(home: string): Promise<Main> {
  const main = await startMain({ ESPALIER_HOME: home, ESPALIER_DATABASE_URL: '' }, { complains: false });
  onTestFinished(() => {
    main.process.kill('SIGKILL');
  });
  return main;
}
