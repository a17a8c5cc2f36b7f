import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startEmbeddedPostgres } from '../src/postgres/embedded.ts';
import { keepEmbeddedPostgres } from '../src/postgres/keep-running.ts';

const CHILD = fileURLToPath(new URL('./postgres-child.ts', import.meta.url));

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp('/var/tmp/espalier-postgres-');
  await chmod(folder, 0o755);
});

afterEach(async () => {
  const left = await startEmbeddedPostgres(folder);
  await left.stop();
  await rm(folder, { recursive: true, force: true });
});

it('keeps its data from start to start', async () => {
  const first = await startEmbeddedPostgres(folder);
  expect(first.owned).toBe(true);
  await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
  await first.stop();
  await expect(query(first.url, 'SELECT 1')).rejects.toThrow(/ECONNREFUSED/);
  const second = await startEmbeddedPostgres(folder);
  expect(await query(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  await second.stop();
});

it('is joined by a second process, which does not stop it', async () => {
  const child = await startChild();
  const joined = await startEmbeddedPostgres(folder);
  expect(joined).toMatchObject({ owned: false, pid: child.server.pid });
  await joined.stop();
  expect(await query(joined.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  child.process.kill('SIGKILL');
});

it('outlives a killed process, and is taken over by the next', async () => {
  const child = await startChild();
  await query(child.server.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
  child.process.kill('SIGKILL');
  await ended(child.process);
  const next = await startEmbeddedPostgres(folder);
  expect(next).toMatchObject({ owned: true, pid: child.server.pid });
  expect(await query(next.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  await next.stop();
});

it('recovers when the server itself was killed', async () => {
  const first = await startEmbeddedPostgres(folder);
  await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
  process.kill(first.pid, 'SIGKILL');
  await setTimeout(300);
  const second = await startEmbeddedPostgres(folder);
  expect(second.pid).not.toBe(first.pid);
  expect(await query(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  await second.stop();
});

it('has the same address after every start', async () => {
  const first = await startEmbeddedPostgres(folder);
  await first.stop();
  const second = await startEmbeddedPostgres(folder);
  expect(second.url).toBe(first.url);
  await second.stop();
});

it('is started again when it dies, at the same address', async () => {
  const told: string[] = [];
  const server = await keepEmbeddedPostgres(folder, (error) => told.push(String(error)));
  await query(server.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
  const { pid } = server;
  process.kill(pid, 'SIGKILL');
  const answer = async () => query(server.url, 'SELECT answer FROM kept').catch(() => []);
  while (server.pid === pid || (await answer()).length === 0) await setTimeout(50);
  expect(await answer()).toEqual([{ answer: 42 }]);
  expect(told[0]).toMatch(/PostgreSQL died and is restarted/);
  await server.stop();
  await expect(query(server.url, 'SELECT 1')).rejects.toThrow(/ECONNREFUSED/);
});

it.runIf(process.getuid?.() === 0)('works below a folder that only root can read', async () => {
  await chmod(folder, 0o700);
  const inside = path.join(folder, 'deep/postgres');
  const server = await startEmbeddedPostgres(inside);
  expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await server.stop();
});

interface Child {
  readonly process: ChildProcess;
  readonly server: { readonly url: string; readonly pid: number };
}

/** A process of its own that starts the server and waits. */
async function startChild(): Promise<Child> {
  const child = spawn(process.execPath, ['--import', 'tsx', CHILD, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const server = await new Promise<Child['server']>((resolve, reject) => {
    child.on('exit', (code) => reject(new Error(`the child ended with ${code}`)));
    child.stdout.setEncoding('utf8').once('data', (line: string) => resolve(JSON.parse(line)));
  });
  return { process: child, server };
}

function ended(child: ChildProcess): Promise<unknown> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => child.once('exit', resolve));
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
