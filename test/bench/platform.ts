/**
 * `npm run bench:platform [-- scaling | drain]`: what a second worker brings, and how fast small work is claimed
 * and written. Prints Markdown; docs/results/platform.md holds what it printed.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { processorName } from '@espalier/latency';
import { Queue } from '@espalier/runs';
import {
  type ArtifactStore,
  type Database,
  folderArtifacts,
  openDatabase,
  startEmbeddedPostgres,
} from '@espalier/store';
import { drain } from './platform/drain.ts';
import { scaling } from './platform/scaling.ts';
import { root } from './subject.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    samples: { type: 'string', default: '1000' },
    alternations: { type: 'string', default: '3' },
    shards: { type: 'string', default: '10000' },
    workers: { type: 'string', default: '8' },
  },
});
const WORKER = fileURLToPath(new URL('./platform/worker.ts', import.meta.url));

/** A database, a queue and a folder of the benchmark's own, and workers as many as it likes. */
export interface PlatformBench {
  readonly folder: string;
  readonly database: Database;
  readonly queue: Queue;
  readonly artifacts: ArtifactStore;
  /** Runs with so many workers; @param template see worker.ts */
  withWorkers<T>(count: number, template: string | null, work: () => Promise<T>): Promise<T>;
}

const home = process.env.ESPALIER_HOME ?? path.join(root, 'node_modules/.cache/espalier-test');
const folder = await mkdtemp('/var/tmp/espalier-bench-');
// Or the database, which root does not run, lies elsewhere and stays.
await chmod(folder, 0o755);
const postgres = await startEmbeddedPostgres(path.join(folder, 'postgres'));
const database = await openDatabase(postgres.url);
const queue = await Queue.open(postgres.url, (error) => console.error(error.message));
try {
  // Images are decoded once, and not in here.
  await mkdir(path.join(home, 'datasets'), { recursive: true });
  await mkdir(path.join(folder, 'home'), { recursive: true });
  await symlink(path.join(home, 'datasets'), path.join(folder, 'home/datasets'));
  const artifacts = folderArtifacts(path.join(folder, 'artifacts'));
  const bench: PlatformBench = { folder, database, queue, artifacts, withWorkers };
  const machine = `${processorName()}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`;
  console.log(`${machine}; Node ${process.versions.node}; PostgreSQL 18 on the same machine.\n`);
  const [samples, alternations, shards, workers] = [
    values.samples,
    values.alternations,
    values.shards,
    values.workers,
  ].map(Number) as [number, number, number, number];
  if (positionals[0] !== 'drain') await scaling(bench, { samples, alternations });
  if (positionals[0] !== 'scaling') await drain(bench, { shards, workers });
} finally {
  await queue.close();
  await database.close();
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
}
process.exit();

async function withWorkers<T>(count: number, template: string | null, work: () => Promise<T>): Promise<T> {
  const before = await database.prisma.worker.count();
  const args = ['--import', 'tsx', WORKER, postgres.url, folder, ...(template ? [template] : [])];
  const workers = Array.from({ length: count }, () =>
    spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] }),
  );
  try {
    while ((await database.prisma.worker.count()) < before + count) await setTimeout(50);
    return await work();
  } finally {
    await Promise.all(workers.map(ended));
  }
}

async function ended(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null) return;
  const exit = once(worker, 'exit');
  worker.kill('SIGTERM');
  await exit;
}
