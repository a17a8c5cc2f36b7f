import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inject, onTestFinished } from 'vitest';

/** Of this process, to the server that all tests share: a connection costs as much as a small database. */
let administrator: Promise<pg.Client> | undefined;

/** What is to be done when a test, or a file of tests, is over. */
export type AtEnd = (end: () => Promise<void>) => void;

/** The address of a migrated database of the test's own; it goes away with the test. */
export async function testDatabase({
  migrated = true,
  atEnd = onTestFinished as AtEnd,
} = {}): Promise<string> {
  const server: string | undefined = inject('postgresUrl');
  if (server === undefined)
    throw new Error('what needs PostgreSQL lies in a `test` folder: see vitest.config.ts');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  // Files are copied in half the time that pages take one by one through the log.
  const template = migrated ? ' TEMPLATE espalier_template STRATEGY file_copy' : '';
  await administer(server, `CREATE DATABASE ${name}${template}`);
  atEnd(() => administer(server, `DROP DATABASE ${name} WITH (FORCE)`));
  return new URL(`/${name}`, server).href;
}

async function administer(url: string, statement: string): Promise<void> {
  administrator ??= connect(url, () => {
    administrator = undefined;
  });
  await (await administrator).query(statement);
}

export async function withAdmin<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = await connect(url);
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function connect(url: string, onError = () => {}): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: new URL('/postgres', url).href });
  client.on('error', onError);
  await client.connect();
  return client;
}
