import { Readable } from 'node:stream';
import { type RunSpec, retryRuns } from '@espalier/runs';
import { expect, it } from 'vitest';
import { brokenInvariants } from '../../runs/test/invariants.ts';
import { type Platform, platform } from '../../runs/test/platform.ts';
import { stopAt } from './breakpoint.ts';
import { inProcess, start, stateOf, until, untilOver } from './processes.ts';

const cie: RunSpec = { allocation: 'cie', criterion: 'l1', target: { metric: 'macs', share: 0.4 }, seed: 0 };
const SMALL = { samples: 20, perClass: 30 };

it('a run that is started while its sampling ends is not forgotten', async () => {
  const on = await platform(SMALL);
  await start(on, [cie]);
  // Whoever ends the sampling knows by now which runs wait for it.
  const point = await stopAt(on.url, 'UPDATE ON "Run"', `OLD.state = 'sampling' AND NEW.state = 'queued'`);
  const worker = await inProcess(on);
  await point.reached();
  const starting = start(on, [{ ...cie, seed: 1 }]);
  await Promise.race([starting, until(async () => (await waiting(on)) > 1)]);
  await point.release();
  const [late] = await starting;
  await until(async () => (await openJobs(on)) === 0);
  await worker.stop();
  expect(await stateOf(on, late?.id ?? '')).toBe('finished');
});

it('runs of several criteria that are started at a time by two callers do not wait for each other in a circle', async () => {
  const on = await platform(SMALL);
  const specs = ['l1', 'l2'].map((criterion) => ({ ...cie, criterion }));
  const both = Array.from({ length: 8 }, (_, i) => start(on, i % 2 ? specs : [...specs].reverse()));
  expect((await Promise.all(both)).flat()).toHaveLength(16);
  expect(await on.database.prisma.samplingRun.count()).toBe(2);
  expect(await brokenInvariants(on.database.prisma, on.artifacts)).toEqual([]);
});

it('a share whose numbers fill more than a pipe holds comes through', async () => {
  const on = await platform({ samples: 180, perClass: 200 });
  await on.database.prisma.experiment.updateMany({
    data: { grid: Array.from({ length: 600 }, (_, i) => (i + 1) / 601) },
  });
  const [run] = await start(on, [cie]);
  const worker = await inProcess(on);
  const { state, error } = await untilOver(on, run?.id ?? '');
  await worker.stop();
  expect({ state, error }).toEqual({ state: 'finished', error: null });
  const { claim, sha256 } = await on.database.prisma.samplingShard.findFirstOrThrow();
  expect(claim).toBe(1);
  expect(await on.artifacts.size(sha256 ?? '')).toBeGreaterThan(1_000_000);
});

it('a sampling whose shares cannot be put together says why, and a retry samples again', async () => {
  const on = await platform(SMALL);
  const { prisma } = on.database;
  const [run] = await start(on, [cie]);
  const id = run?.id ?? '';
  // As if its worker had died right after it, and the store had lost it since.
  const { sha256 } = await on.artifacts.put(Readable.from([Buffer.from('a share')]));
  await prisma.artifact.create({ data: { sha256, bytes: 7, mediaType: 'application/json' } });
  await prisma.samplingShard.updateMany({ data: { state: 'done', sha256 } });
  await on.artifacts.remove(sha256);
  const worker = await inProcess(on);
  expect(await untilOver(on, id)).toMatchObject({
    state: 'failed',
    error: 'share 1 of 1 of the sampling is missing from the store: retry the run, which samples again',
  });
  await prisma.$transaction((transaction) => retryRuns(transaction, on.queue, [id]));
  expect(await untilOver(on, id)).toMatchObject({ state: 'finished', error: null });
  await prisma.artifact.delete({ where: { sha256 } });
  // Lost once it is done, it is found out by the next run.
  const shard = await prisma.samplingShard.findFirstOrThrow();
  await on.artifacts.remove(shard.sha256 ?? '');
  const [next] = await start(on, [{ ...cie, target: { metric: 'macs', share: 0.3 } }]);
  const nextId = next?.id ?? '';
  expect(await untilOver(on, nextId)).toMatchObject({
    state: 'failed',
    error: expect.stringContaining('missing'),
  });
  await prisma.$transaction((transaction) => retryRuns(transaction, on.queue, [nextId]));
  expect(await untilOver(on, nextId)).toMatchObject({ state: 'finished', error: null });
  await worker.stop();
  expect(await brokenInvariants(prisma, on.artifacts)).toEqual([]);
});

it('a job waits for years, if no worker comes', async () => {
  const on = await platform(SMALL);
  await start(on, [cie]);
  const { rows } = await on.database.pool.query(
    `SELECT count(*)::int AS jobs FROM queue.job WHERE keep_until > now() + interval '10 years'`,
  );
  expect(rows).toEqual([{ jobs: 1 }]);
});

async function openJobs({ database }: Platform): Promise<number> {
  const { rows } = await database.pool.query(
    `SELECT count(*)::int AS jobs FROM queue.job WHERE state < 'completed'`,
  );
  return rows[0].jobs;
}

/** Transactions that wait for another one. */
async function waiting({ database }: Platform): Promise<number> {
  const { rows } = await database.pool.query(
    `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  );
  return rows[0].n;
}
