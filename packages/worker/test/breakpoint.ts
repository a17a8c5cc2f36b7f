import { setTimeout } from 'node:timers/promises';
import pg from 'pg';

const LOCK = 471100;

export interface Breakpoint {
  /** Resolves when a transaction stands at it. */
  reached(): Promise<void>;
  /** Lets it go on, and everything after it. */
  release(): Promise<void>;
}

/**
 * Stops every transaction that is about to make a change, so that its process can be killed in the middle of it:
 * a trigger that waits for a lock which this process holds. Stages that last a few milliseconds are hit for sure.
 *
 * @param change what a trigger is made for: `UPDATE ON "Run"`
 * @param condition of rows OLD and NEW
 */
export async function stopAt(url: string, change: string, condition = 'true'): Promise<Breakpoint> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  const table = change.split(' ON ')[1];
  await client.query(`SELECT pg_advisory_lock(${LOCK})`);
  await client.query(`CREATE OR REPLACE FUNCTION wait_here() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_advisory_xact_lock_shared(${LOCK}); RETURN NEW; END $$`);
  await client.query(`CREATE TRIGGER wait_here BEFORE ${change} FOR EACH ROW WHEN (${condition})
    EXECUTE FUNCTION wait_here()`);
  return {
    async reached() {
      const waiting = `SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = ${LOCK} AND NOT granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
      while ((await client.query(waiting)).rowCount === 0) await setTimeout(20);
    },
    async release() {
      // Whoever waits holds the table: it goes on first.
      await client.query(`SELECT pg_advisory_unlock(${LOCK})`);
      await client.query(`DROP TRIGGER wait_here ON ${table}`);
      await client.end();
    },
  };
}
