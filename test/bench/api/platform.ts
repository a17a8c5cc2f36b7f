import { type ChildProcess, fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, loadavg, totalmem } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { processorName } from '@espalier/latency';
import { type Database, openDatabase, startEmbeddedPostgres } from '@espalier/store';
import { type Client, client } from './client.ts';
import { keyOf } from './database.ts';

/** What a bench of one team works with. */
export interface BenchPlatform extends Client {
  readonly address: string;
  readonly key: string;
  readonly database: Database;
}

/** An API of its own on a separate database: both are gone afterwards. */
export async function withPlatform(work: (platform: BenchPlatform) => Promise<void>): Promise<void> {
  const home = await mkdtemp('/var/tmp/espalier-bench-');
  const postgres = await startEmbeddedPostgres(path.join(home, 'postgres'));
  let server: ChildProcess | undefined;
  try {
    const database = await openDatabase(postgres.url);
    await database.prisma.team.create({ data: { id: 'team_0', slug: 'team-0', name: 'Bench' } });
    const key = await keyOf(postgres.url);
    server = fork(fileURLToPath(new URL('server.ts', import.meta.url)), [postgres.url, home], {
      execArgv: ['--max-semi-space-size=64', '--import', 'tsx'],
      env: { ...process.env, NODE_ENV: 'production' },
    });
    const { address } = await new Promise<{ address: string }>((resolve) => server?.once('message', resolve));
    await work({ ...client(address, key), address, key, database });
    await database.close();
  } finally {
    if (server?.connected) server.disconnect();
    await postgres.stop();
    await rm(home, { recursive: true, force: true });
  }
}

/** `AMD EPYC, AVX2, 2 cores, 23 GiB, load 1.2; Node 22.1.0; PostgreSQL from npm on the same machine` */
export function machineOfPlatform(): string {
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${processorName()}, ${availableParallelism()} cores, ${memory} GiB, load ${loadavg()[0]?.toFixed(1)}; Node ${process.versions.node}; PostgreSQL from npm on the same machine`;
}
