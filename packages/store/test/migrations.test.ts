import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import { MIGRATIONS_FOLDER, migrate } from '../src/database/migrations.ts';
import { openDatabase } from '../src/database/open.ts';
import { schemaDiff } from '../src/database/schema-diff.ts';
import { testDatabase } from './test-database.ts';

it('migrations and schema agree', async () => {
  expect(schemaDiff(await testDatabase())).toBe('');
});

it('applies every migration once, also when several processes start together', async () => {
  const url = await testDatabase({ migrated: false });
  const applied = (await Promise.all([migrate(url), migrate(url), migrate(url)])).flat();
  expect(applied.length).toBeGreaterThan(0);
  expect(new Set(applied).size).toBe(applied.length);
  expect(await migrate(url)).toEqual([]);
  expect(await names(url)).toEqual([...applied].sort());
});

it('refuses a database that is newer', async () => {
  const url = await testDatabase({ migrated: false });
  const folder = await copied();
  await mkdir(path.join(folder, '29990101000000_later'));
  await writeFile(path.join(folder, '29990101000000_later/migration.sql'), 'SELECT 1');
  await migrate(url, folder);
  await expect(migrate(url)).rejects.toThrow(
    'the database is newer than this version of Espalier (it has migration 29990101000000_later)',
  );
});

it('refuses a migration that was changed afterwards', async () => {
  const url = await testDatabase({ migrated: false });
  const folder = await copied();
  await mkdir(path.join(folder, '29990101000000_later'));
  await writeFile(path.join(folder, '29990101000000_later/migration.sql'), 'SELECT 1');
  await migrate(url, folder);
  await writeFile(path.join(folder, '29990101000000_later/migration.sql'), 'SELECT 2');
  await expect(migrate(url, folder)).rejects.toThrow('29990101000000_later is not the one that was applied');
});

it('a migration that fails leaves nothing behind', async () => {
  const url = await testDatabase();
  const folder = await copied();
  await mkdir(path.join(folder, '29990101000000_broken'));
  const sql = 'CREATE TABLE half (id int); SELECT * FROM nowhere;';
  await writeFile(path.join(folder, '29990101000000_broken/migration.sql'), sql);
  await expect(migrate(url, folder)).rejects.toThrow('29990101000000_broken cannot be applied');
  expect(await names(url)).not.toContain('29990101000000_broken');
  await expect(query(url, 'SELECT * FROM half')).rejects.toThrow(/does not exist/);
});

it('a deleted name is free again', async () => {
  const database = await openDatabase(await testDatabase());
  const { prisma } = database;
  try {
    await prisma.team.create({ data: { id: 'team_1', slug: 'one', name: 'One' } });
    const project = { teamId: 'team_1', name: 'Birds' };
    await prisma.project.create({ data: { id: 'proj_1', ...project } });
    const again = prisma.project.create({ data: { id: 'proj_2', teamId: 'team_1', name: 'birds' } });
    await expect(again).rejects.toMatchObject({ code: 'P2002' });
    await prisma.project.update({ where: { id: 'proj_1' }, data: { deletedAt: new Date() } });
    await prisma.project.create({ data: { id: 'proj_3', ...project } });
    expect(await prisma.project.count({ where: { deletedAt: null } })).toBe(1);
  } finally {
    await database.close();
  }
});

async function copied(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'espalier-migrations-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await cp(MIGRATIONS_FOLDER, folder, { recursive: true });
  return folder;
}

async function names(url: string): Promise<string[]> {
  const rows = await query(url, 'SELECT migration_name FROM "_prisma_migrations" ORDER BY 1');
  return rows.map(({ migration_name }) => String(migration_name));
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
