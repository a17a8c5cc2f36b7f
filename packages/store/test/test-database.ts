import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inject, onTestFinished } from 'vitest';

/** The address of a migrated database of the test's own; it goes away with the test. */
export async function testDatabase({ migrated = true } = {}): Promise<string> {
  const server: string | undefined = inject('postgresUrl');
  if (server === undefined)
    throw new Error('what needs PostgreSQL lies in a `test` folder: see vitest.config.ts');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  // Files are copied in half the time that pages take one by one through the log.
  const template = migrated ? ' TEMPLATE espalier_template STRATEGY file_copy' : '';
  await withAdmin(server, (client) => client.query(`CREATE DATABASE ${name}${template}`));
  onTestFinished(async () => {
    await withAdmin(server, (client) => client.query(`DROP DATABASE ${name} WITH (FORCE)`));
  });
  return new URL(`/${name}`, server).href;
}

export async function withAdmin<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: new URL('/postgres', url).href });
  client.on('error', () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
