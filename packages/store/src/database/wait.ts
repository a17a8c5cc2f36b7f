import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { lackingMigrations } from './migrations.ts';

export interface WaitOptions {
  /** Told of every attempt that failed, and when the next one follows. */
  readonly onWait: (reason: string, seconds: number) => void;
  readonly signal: AbortSignal;
}

/** A server that is not there yet, or still on its way up. */
const NOT_YET = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'],
  // PostgreSQL's own: cannot_connect_now, too_many_connections.
  ...['57P03', '53300'],
]);
const CONNECT_PATIENCE_MS = 10_000;
const LONGEST_WAIT_SECONDS = 15;

/**
 * Waits until a database takes connections, or the signal says stop. What waiting does not fix (a wrong
 * password, a database that is not there) is left to whoever opens it.
 */
export async function waitForDatabase(url: string, { onWait, signal }: WaitOptions): Promise<void> {
  for (let seconds = 1; !signal.aborted; seconds = Math.min(seconds * 2, LONGEST_WAIT_SECONDS)) {
    const code = await failure(url);
    if (code === null || !NOT_YET.has(code)) return;
    const { host, pathname } = new URL(url);
    onWait(`database ${pathname.slice(1)} at ${host} is not up (${code})`, seconds);
    await setTimeout(seconds * 1000, undefined, { signal }).catch(() => {});
  }
}

/**
 * Waits until a database is of the schema of this version, or the signal says stop: whoever serves migrates it.
 *
 * @throws {InputError} where it is of a newer one
 */
export async function waitForSchema(url: string, { onWait, signal }: WaitOptions): Promise<void> {
  for (let seconds = 1; !signal.aborted; seconds = Math.min(seconds * 2, LONGEST_WAIT_SECONDS)) {
    const [first] = await lackingMigrations(url);
    if (first === undefined) return;
    const line = `the database is older than this worker (it lacks migration ${first}): start the API in the version of the worker, which migrates it`;
    onWait(line, seconds);
    await setTimeout(seconds * 1000, undefined, { signal }).catch(() => {});
  }
}

/** Why one connection fails; null if it does not. */
async function failure(url: string): Promise<string | null> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_PATIENCE_MS });
  client.on('error', () => {});
  try {
    await client.connect();
    return null;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code ?? (/timeout/i.test(message) ? 'ETIMEDOUT' : message);
  } finally {
    await client.end().catch(() => {});
  }
}
