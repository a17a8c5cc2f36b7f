import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { onTestFinished } from 'vitest';
import { MIGRATIONS_FOLDER, migrate } from '../src/database/migrations.ts';
import { testDatabase } from './test-database.ts';

/**
 * The address of a database of the test's own as it was before a migration, with rows of that time.
 *
 * @param migration what its name ends in: `plans`
 */
export async function databaseBefore(
  migration: string,
  fill: (client: pg.Client) => Promise<void>,
): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'espalier-migrations-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const names = (await readdir(MIGRATIONS_FOLDER)).sort();
  const first = names.findIndex((name) => name.endsWith(`_${migration}`));
  for (const name of names.slice(0, first)) {
    await cp(path.join(MIGRATIONS_FOLDER, name), path.join(folder, name), { recursive: true });
  }
  const url = await testDatabase({ migrated: false });
  await migrate(url, folder);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await fill(client);
  } finally {
    await client.end();
  }
  return url;
}
