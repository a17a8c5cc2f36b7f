import { chmod, mkdtemp, rm } from 'node:fs/promises';
import type { TestProject } from 'vitest/node';
import { Queue } from '../../runs/src/queue/queue.ts';
import { migrate } from '../src/database/migrations.ts';
import { startEmbeddedPostgres } from '../src/postgres/embedded.ts';
import { withAdmin } from './test-database.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Of the server that all tests share. */
    readonly postgresUrl: string;
  }
}

/** One real PostgreSQL a test run, with a database that the tests' own ones are copied from: migrated, with a queue. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // The server's account must be able to reach it, which a folder of mkdtemp does not allow below /tmp of root.
  const folder = await mkdtemp('/var/tmp/espalier-test-');
  await chmod(folder, 0o755);
  const server = await startEmbeddedPostgres(folder);
  await withAdmin(server.url, async (client) => {
    // What lives as long as a test run need not outlive the machine: a database is dropped in a tenth of the time.
    // Nor does it live long enough to be vacuumed, which a process a database would see to all the time.
    for (const name of ['fsync', 'full_page_writes', 'synchronous_commit', 'autovacuum'])
      await client.query(`ALTER SYSTEM SET ${name} = off`);
    // The kernel copies the files of a database by itself.
    await client.query('ALTER SYSTEM SET file_copy_method = clone');
    await client.query('SELECT pg_reload_conf()');
    await client.query('CREATE DATABASE espalier_template');
  });
  const template = new URL('/espalier_template', server.url).href;
  await migrate(template);
  const queue = await Queue.open(template, (error) => console.error(error));
  await queue.close();
  project.provide('postgresUrl', server.url);
  return async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
}
