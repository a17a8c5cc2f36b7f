import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import { holdSchema, lackingMigrations, MIGRATIONS_FOLDER, migrate } from '../src/database/migrations.ts';
import { testDatabase, withAdmin } from './test-database.ts';

const LATER = '29990101000000_later';
const SERVE = fileURLToPath(new URL('../../../apps/api/bin/serve.mjs', import.meta.url));
const ESPALIER = fileURLToPath(new URL('../../cli/bin/espalier.mjs', import.meta.url));

it('nobody migrates while an API serves that does not know the schema', async () => {
  const url = await testDatabase();
  const newer = await newerFolder();
  const [one, other] = [await serving(url, '1.0.0'), await serving(url, '1.0.1')];
  await expect(migrate(url, newer)).rejects.toThrow(
    'the database must be migrated, but an API of version 1.0.0, 1.0.1 is running on it: stop it first',
  );
  // If there is nothing to do, several serve.
  expect(await migrate(url)).toEqual([]);
  await one.close();
  await expect(migrate(url, newer)).rejects.toThrow('an API of version 1.0.1 is running');
  await other.close();
  expect(await migrate(url, newer)).toEqual([LATER]);
  // Now it is too new for us.
  await expect(serving(url, '1.0.0')).rejects.toThrow(
    /newer than this version of Espalier \(it has migration 2999/,
  );
});

it('an API whose line broke while somebody migrated is told to end', async () => {
  const url = await testDatabase();
  const newer = await newerFolder();
  const lost: string[] = [];
  await serving(url, '1.0.0', (error) => lost.push(error.message));
  const cut = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'espalier API 1.0.0' AND datname = $1`;
  // Whoever is faster: it takes its lock again, or the migration is applied.
  await expect
    .poll(async () => {
      await withAdmin(url, (client) => client.query(cut, [new URL(url).pathname.slice(1)]));
      return migrate(url, newer).catch(() => []);
    })
    .toEqual([LATER]);
  await expect.poll(() => lost[0]).toMatch(/newer than this version of Espalier/);
});

it('a worker waits for the API to migrate, and ends where the database is newer', async () => {
  const url = await testDatabase({ migrated: false });
  const all = (await readdir(MIGRATIONS_FOLDER)).filter((name) => /^\d/.test(name)).sort();
  expect(await lackingMigrations(url)).toEqual(all);
  const worker = await program(ESPALIER, url, 'worker', '--engine', 'onnxruntime');
  await worker.says(/the database is older than this worker \(it lacks migration \d+_init\): start the API/);
  expect(await tables(url)).toEqual([]);
  const api = await program(SERVE, url, '--migrate');
  await api.says(/the database is that of version \d/);
  expect(await api.ended).toBe(0);
  await worker.says(/takes runs/);
  worker.stop();
  expect(await worker.ended).toBe(0);

  await migrate(url, await newerFolder());
  const [late, old] = [await program(ESPALIER, url, 'worker'), await program(SERVE, url)];
  for (const one of [late, old]) {
    await one.says(/the database is newer than this version of Espalier/);
    expect(await one.ended).toBe(1);
  }
}, 60_000);

async function serving(url: string, version: string, onLost: (error: Error) => void = () => {}) {
  const held = await holdSchema(url, { version, onLost, onError: () => {} });
  onTestFinished(() => held.close());
  return held;
}

async function tables(url: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(
    "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace",
  );
  await client.end();
  return rows;
}

/** As a later version has it. */
async function newerFolder(): Promise<string> {
  const folder = await temporary();
  await cp(MIGRATIONS_FOLDER, folder, { recursive: true });
  await mkdir(path.join(folder, LATER));
  await writeFile(path.join(folder, LATER, 'migration.sql'), 'SELECT 1');
  return folder;
}

async function temporary(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'espalier-serving-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function program(file: string, url: string, ...args: string[]) {
  const env = {
    ...process.env,
    ESPALIER_DATABASE_URL: url,
    ESPALIER_PORT: '0',
    ESPALIER_HOME: await temporary(),
  };
  const child = spawn(process.execPath, [file, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
  }
  return {
    stop: () => child.kill('SIGTERM'),
    ended: once(child, 'exit').then(([code]) => code as number | null),
    says: (pattern: RegExp) => expect.poll(() => text, { timeout: 120_000 }).toMatch(pattern),
  };
}
