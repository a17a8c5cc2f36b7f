import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import type { RunSpec } from '@espalier/runs';
import { type EmbeddedPostgres, type Run, startEmbeddedPostgres } from '@espalier/store';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { brokenInvariants } from '../../runs/test/invariants.ts';
import { type Platform, platform } from '../../runs/test/platform.ts';
import { outcome } from './outcome.ts';
import { exitOf, inProcess, outOfProcess, start, until, untilOver } from './processes.ts';
import { type Line, proxyTo } from './proxy.ts';

const cie: RunSpec = { allocation: 'cie', criterion: 'l1', target: { metric: 'macs', share: 0.4 }, seed: 0 };
const SPECS = [
  cie,
  { ...cie, allocation: 'uniform' },
  { ...cie, target: { metric: 'params', share: 0.3 } },
] as const;
const SETTINGS = { samples: 20, perClass: 30, recipe: { epochs: 2, batch: 16, learningRate: 0.01 } };
const OUTAGE_MS = 10_000;

let folder: string;
let postgres: EmbeddedPostgres;

beforeAll(async () => {
  folder = await mkdtemp('/var/tmp/espalier-outage-');
  await chmod(folder, 0o755);
  postgres = await startEmbeddedPostgres(folder);
});

afterAll(async () => {
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
});

const outages: Readonly<Record<string, (proxy: Line) => Promise<void>>> = {
  restart: async () => {
    const { url } = postgres;
    await postgres.stop();
    postgres = await startEmbeddedPostgres(folder);
    expect(postgres.url).toBe(url);
  },
  kill: async () => {
    process.kill(postgres.pid, 'SIGKILL');
    postgres = await startEmbeddedPostgres(folder);
  },
  cut: async (proxy) => {
    await proxy.cut();
    await setTimeout(OUTAGE_MS);
    await proxy.mend();
  },
  standstill: async () => {
    signalTree(postgres.pid, 'SIGSTOP');
    await setTimeout(OUTAGE_MS);
    signalTree(postgres.pid, 'SIGCONT');
  },
};

it(
  'runs end with the same numbers, and workers live on, through restarts, kills, cuts and standstills of PostgreSQL',
  async () => {
    const expected = await quiet();
    const on = await platform({ ...SETTINGS, url: postgres.url });
    const proxy = await proxyTo(on.url);
    const workers = [0, 1].map(() =>
      outOfProcess({ url: proxy.url, folder: on.folder }, { complains: false }),
    );
    const runs: Run[] = [];
    for (const outage of Object.values(outages)) {
      runs.push(...(await start(on, SPECS)));
      await until(async () => {
        const busy = await on.database.pool.query(`SELECT 1 FROM queue.job WHERE state = 'active'`);
        return busy.rowCount === workers.length;
      });
      await outage(proxy);
    }
    for (const { id } of runs) await untilOver(on, id);
    for (const worker of workers) worker.kill('SIGTERM');
    expect(await Promise.all(workers.map(exitOf))).toEqual([0, 0]);
    expect(await brokenInvariants(on.database.prisma, on.artifacts)).toEqual([]);
    for (const [i, { id }] of runs.entries()) {
      expect(await outcome(on, id)).toEqual(expected[i % SPECS.length]);
    }
    await proxy.cut();
  },
  OUTAGE_MS * 60,
);

let reference: Awaited<ReturnType<typeof outcome>>[] | undefined;

/** What the runs come to where nothing happens. */
async function quiet() {
  if (reference) return reference;
  const on = await platform(SETTINGS);
  const runs = await start(on, SPECS);
  const worker = await inProcess(on);
  for (const { id } of runs) expect(await untilOver(on, id)).toMatchObject({ state: 'finished' });
  await worker.stop();
  reference = await outcomes(on, runs);
  return reference;
}

function outcomes(on: Platform, runs: readonly { readonly id: string }[]) {
  return Promise.all(runs.map(({ id }) => outcome(on, id)));
}

/** A process and everything that it started. */
function signalTree(pid: number, signal: NodeJS.Signals): void {
  const children = execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' });
  for (const one of [pid, ...children.trim().split(/\s+/).map(Number)]) process.kill(one, signal);
}
