import pg from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import { testDatabase } from '../../../packages/store/test/test-database.ts';
import { EventBus } from '../src/events/event-bus.ts';

it('whoever waits looks again after the connection broke, and nobody ends with it', async () => {
  const url = await testDatabase();
  const bus = await EventBus.open(url, () => {});
  const { signal } = new AbortController();
  const waiting = bus.next([{ kind: 'events', id: 'run_a' }], 100_000, signal);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  onTestFinished(async () => {
    await bus.close();
    await client.end();
  });
  const { rowCount } = await client.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()`,
  );
  expect(rowCount).toBe(1);
  await waiting;
});
