import { EventEmitter, once } from 'node:events';

import pg from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import { testDatabase, withAdmin } from '../../test/test-database.ts';
import { Listener } from './listener.ts';

it('listens again after its connection broke, and says that something may have been missed', async () => {
  const url = await testDatabase();
  const heard = new EventEmitter();
  const errors: unknown[] = [];
  const listener = await Listener.open(url, {
    channels: ['one', 'two'],
    onNotification: (channel, payload) => heard.emit(channel, payload),
    onReconnect: () => heard.emit('again'),
    onError: (error) => errors.push(error),
  });
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  onTestFinished(async () => {
    await listener.close();
    await client.end();
  });
  const tell = (channel: string, payload: string) =>
    client.query('SELECT pg_notify($1, $2)', [channel, payload]);
  const first = once(heard, 'two');
  await tell('two', 'a');
  expect(await first).toEqual(['a']);
  for (let time = 0; time < 2; time++) {
    const again = once(heard, 'again');
    await withAdmin(url, (admin) =>
      admin.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND query LIKE 'LISTEN%'",
        [new URL(url).pathname.slice(1)],
      ),
    );
    await again;
    const next = once(heard, 'one');
    await tell('one', `b${time}`);
    expect(await next).toEqual([`b${time}`]);
  }
  expect(errors.length).toBeGreaterThan(0);
});
