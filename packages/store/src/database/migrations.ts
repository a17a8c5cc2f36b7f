import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { InputError } from '@espalier/errors';
import pg from 'pg';
import { Listener } from './listener.ts';

/** Ships with the product. */
export const MIGRATIONS_FOLDER = fileURLToPath(new URL('../../../../prisma/migrations', import.meta.url));

/** Any number, the same for every process that migrates. */
const LOCK = 4_711_001;
/** Shared by every API while it serves; whoever changes the schema has it alone. */
const SERVING = 4_711_003;
/** What a connection that holds it calls itself, before the version. */
const SERVER = 'espalier API ';

const TABLE = `
  CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
    id varchar(36) PRIMARY KEY NOT NULL,
    checksum varchar(64) NOT NULL,
    finished_at timestamptz,
    migration_name varchar(255) NOT NULL,
    logs text,
    rolled_back_at timestamptz,
    started_at timestamptz NOT NULL DEFAULT now(),
    applied_steps_count integer NOT NULL DEFAULT 0
  )`;

interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

/**
 * Brings a database to the schema of this version: each missing migration in a separate transaction, under a
 * lock, recorded as `prisma migrate deploy` records it.
 *
 * @returns the names of the migrations that were applied
 * @throws {InputError} if the database belongs to a newer version, a migration was changed afterwards, or there is
 * something to apply while an API serves, which would go on with a schema that it does not know
 */
export async function migrate(url: string, folder = MIGRATIONS_FOLDER): Promise<string[]> {
  return connected(url, async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
    await client.query(TABLE);
    const missing = await missingMigrations(client, folder);
    if (missing.length > 0) await beAlone(client);
    for (const migration of missing) await apply(client, migration);
    return missing.map(({ name }) => name);
  });
}

/**
 * The migrations that a database lacks, for a program that does not apply them.
 *
 * @throws {InputError} as {@link migrate}
 */
export function lackingMigrations(url: string, folder = MIGRATIONS_FOLDER): Promise<string[]> {
  return connected(url, async (client) => {
    const { rows } = await client.query(`SELECT to_regclass('"_prisma_migrations"') AS "table"`);
    const isEmpty = rows[0]?.table === null;
    const missing = isEmpty ? await readMigrations(folder) : await missingMigrations(client, folder);
    return missing.map(({ name }) => name);
  });
}

/** @throws {InputError} if a database is of an older or a newer version */
export async function checkSchema(url: string): Promise<void> {
  const [first] = await lackingMigrations(url);
  if (first !== undefined) throw new InputError(`the database lacks migration ${first}`);
}

/**
 * Says that an API of this version serves: nobody changes the schema meanwhile.
 *
 * @param onLost told where the schema has changed all the same, while the connection was broken: an API that serves on
 * would write what no table has
 * @throws {InputError} if it has changed since it was migrated
 */
export function holdSchema(
  url: string,
  {
    version,
    onLost,
    onError,
  }: { version: string; onLost: (error: InputError) => void; onError: (error: unknown) => void },
): Promise<{ close(): Promise<void> }> {
  return Listener.open(url, {
    channels: [],
    name: `${SERVER}${version}`,
    async onConnect(client) {
      await client.query('SELECT pg_advisory_lock_shared($1)', [SERVING]);
      await missingMigrations(client, MIGRATIONS_FOLDER);
    },
    onNotification: () => {},
    onReconnect: () => {},
    onError: (error) => (error instanceof InputError ? onLost(error) : onError(error)),
  });
}

async function connected<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect().catch((error: NodeJS.ErrnoException) => {
    const { host, pathname } = new URL(url);
    throw new InputError(
      `cannot connect to database ${pathname.slice(1)} at ${host}: ${error.code ?? error.message}`,
    );
  });
  try {
    return await work(client);
  } finally {
    // Ending the session gives back its locks, too.
    await client.end();
  }
}

/** @throws {InputError} while an API serves, naming its version */
async function beAlone(client: pg.Client): Promise<void> {
  const { rows } = await client.query('SELECT pg_try_advisory_lock($1) AS "alone"', [SERVING]);
  if (rows[0]?.alone) return;
  const { rows: holders } = await client.query<{ name: string }>(
    `SELECT DISTINCT a.application_name AS "name" FROM pg_locks l JOIN pg_stat_activity a USING (pid)
     WHERE l.locktype = 'advisory' AND l.classid = 0 AND l.objid = $1 AND l.granted
       AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    [SERVING],
  );
  const versions = holders.flatMap(({ name }) =>
    name.startsWith(SERVER) ? [name.slice(SERVER.length)] : [],
  );
  throw new InputError(
    `the database must be migrated, but an API of version ${versions.join(', ') || 'unknown'} is running on it: stop it first`,
  );
}

async function missingMigrations(client: pg.Client, folder: string): Promise<Migration[]> {
  const known = await readMigrations(folder);
  const applied = await appliedMigrations(client);
  check(known, applied);
  return known.filter(({ name }) => !applied.has(name));
}

async function readMigrations(folder: string): Promise<Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return Promise.all(
    names.sort().map(async (name) => {
      const sql = await readFile(path.join(folder, name, 'migration.sql'), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

async function appliedMigrations(client: pg.Client): Promise<Map<string, string>> {
  const { rows } = await client.query<{ migration_name: string; checksum: string }>(
    'SELECT migration_name, checksum FROM "_prisma_migrations" WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL',
  );
  return new Map(rows.map((row) => [row.migration_name, row.checksum]));
}

function check(known: readonly Migration[], applied: ReadonlyMap<string, string>): void {
  const names = new Set(known.map(({ name }) => name));
  const newer = [...applied.keys()].filter((name) => !names.has(name)).sort();
  if (newer.length > 0) {
    throw new InputError(
      `the database is newer than this version of Espalier (it has migration ${newer[0]}); update Espalier, or give it another database`,
    );
  }
  for (const { name, checksum } of known) {
    const before = applied.get(name);
    if (before !== undefined && before !== checksum) {
      throw new InputError(`migration ${name} is not the one that was applied to this database`);
    }
  }
}

async function apply(client: pg.Client, { name, sql, checksum }: Migration): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(sql);
    await client.query(
      'INSERT INTO "_prisma_migrations" (id, checksum, migration_name, finished_at, applied_steps_count) VALUES ($1, $2, $3, now(), 1)',
      [randomUUID(), checksum, name],
    );
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    const message = error instanceof Error ? error.message : String(error);
    throw new InputError(`migration ${name} cannot be applied: ${message}`);
  }
}
