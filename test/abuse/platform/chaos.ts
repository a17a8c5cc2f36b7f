import { spawnSync } from 'node:child_process';
import { mkdir, rm, statfs, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { childrenOf } from '../../../apps/api/test/main-process.ts';
import { patiently } from '../../../packages/runs/src/claims/patience.ts';
import { type Disturbance, NotHere, pick } from './disturbances.ts';
import type { Stage, WorkerSettings } from './stage.ts';

/** Longer than the heartbeat by which a worker is known to live. */
const STANDSTILL_MS = 20_000;
const CUTS = 6;
const CUT_MS = 2000;
const DISK_MB = 16;
const FULL_MS = 10_000;

/** What takes longer, or more of the machine, than to die. */
export const moreDisturbances: Readonly<Record<string, Disturbance>> = {
  'worker stands still': async (on, random) => {
    const busy = on.workers.filter(({ pid }) => childrenOf(pid).length > 0);
    const worker = pick(busy.length > 0 ? busy : on.workers, random);
    worker?.kill('SIGSTOP');
    await setTimeout(STANDSTILL_MS);
    worker?.kill('SIGCONT');
  },
  'connections ended': async (on) => {
    for (let cut = 0; cut < CUTS; cut++) {
      // Ours are among them, but for the one that asks.
      await patiently(
        () => on.database.prisma.$queryRaw`
          SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
          WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`,
      );
      await setTimeout(CUT_MS);
    }
  },
  'short cuts': async (on) => {
    for (let cut = 0; cut < CUTS; cut++) {
      await on.line.cut();
      await setTimeout(CUT_MS);
      await on.line.mend();
      await setTimeout(CUT_MS);
    }
  },
  'full disk': async (on, random, runs) => {
    const disk = await smallDisk(on);
    const settings = { home: path.join(disk, 'home'), env: { TMPDIR: path.join(disk, 'tmp') } };
    await otherWorker(on, random, settings, async () => {
      spawnSync('umount', ['-l', disk]);
    });
    const filling = path.join(disk, 'filling');
    const { bavail, bsize } = await statfs(disk);
    // A tiny run takes about 100 KB: with some it breaks off at once, with others on the way.
    const spare = Math.floor(random() * 128) * 1024;
    await writeFile(filling, Buffer.alloc(Math.max(0, bavail * bsize - spare)));
    // So many that every worker takes some.
    for (let more = 0; more < 3; more++) await moreRuns(on, random, runs);
    await setTimeout(FULL_MS);
    await rm(filling);
    await retryWhatFoundNoRoom(on, runs);
  },
  'clock 2 h fast': (on, random, runs) => skewedClock(on, random, runs, '+7200s'),
  'clock 2 h slow': (on, random, runs) => skewedClock(on, random, runs, '-7200s'),
  'two engines': async (on, random, runs) => {
    // New runs are for the engine of most workers; the API's own has the other one.
    for (const worker of [...on.workers]) {
      await on.replaceWorker(worker, 'SIGTERM', { engine: 'tensorflow' });
    }
    on.later.push(async () => {
      for (const worker of [...on.workers]) await on.replaceWorker(worker, 'SIGTERM');
    });
    await moreRuns(on, random, runs);
    await setTimeout(random() * FULL_MS);
    await on.replaceWorker(pick(on.workers, random), 'SIGKILL', { engine: 'tensorflow' });
  },
};

/** A worker is another one until the round is over. */
async function otherWorker(
  on: Stage,
  random: () => number,
  settings: WorkerSettings,
  afterwards: () => Promise<void> = async () => {},
): Promise<void> {
  const other = await on.replaceWorker(pick(on.workers, random), 'SIGTERM', settings);
  on.later.push(async () => {
    await on.replaceWorker(other, 'SIGTERM');
    await afterwards();
  });
}

/** What the others had in hand may be done before one worker is another one. */
async function moreRuns(on: Stage, random: () => number, runs: string[]): Promise<void> {
  runs.push(...(await on.startRuns(Math.floor(1e6 * (1 + random())))));
}

async function skewedClock(on: Stage, random: () => number, runs: string[], offset: string): Promise<void> {
  const { stdout, status } = spawnSync('faketime', ['-f', offset, 'printenv', 'LD_PRELOAD'], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new NotHere('the program faketime is missing (Debian package faketime)');
  await otherWorker(on, random, {
    // Not by the program: it stays between us and the worker, and signals would end it alone.
    env: { LD_PRELOAD: stdout.trim(), FAKETIME: offset, FAKETIME_DONT_FAKE_MONOTONIC: '1' },
  });
  for (let more = 0; more < 2; more++) await moreRuns(on, random, runs);
}

/** @throws {NotHere} where it cannot be mounted */
async function smallDisk(on: Stage): Promise<string> {
  const disk = path.join(on.folder, 'small-disk');
  await mkdir(disk, { recursive: true });
  const { status, error } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MB}m`, 'tmpfs', disk]);
  if (error || status !== 0) throw new NotHere('a small disk can be mounted by root alone');
  await Promise.all(['home', 'tmp'].map((name) => mkdir(path.join(disk, name))));
  return disk;
}

/** As a person does who has made room: runs that failed for want of it are started again, any other stays failed. */
async function retryWhatFoundNoRoom(on: Stage, ids: readonly string[]): Promise<void> {
  const { prisma } = on.database;
  const where = { id: { in: [...ids] } };
  for (let open = true; open && !on.somebodyDied(); await setTimeout(500)) {
    const runs = await prisma.run.findMany({ where, select: { id: true, state: true, error: true } });
    const full = runs.filter(
      ({ state, error }) => state === 'failed' && /no space left|disk is full|ENOSPC/i.test(error ?? ''),
    );
    for (const { error } of full) console.log(`  tried again: ${error}`);
    if (full.length > 0) await on.retry(full.map(({ id }) => id));
    open = full.length > 0 || runs.some(({ state }) => !['finished', 'failed', 'cancelled'].includes(state));
  }
}
