import { EventEmitter, once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import pg from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import { Listener } from '../src/database/listener.ts';
import { testDatabase, withAdmin } from './test-database.ts';

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

it('a connection that breaks while it is made ends nothing', async () => {
  const url = await testDatabase();
  const { hostname, port } = new URL(url);
  let [listens, breaks] = [0, 0];
  // A line that breaks as soon as somebody wants to listen, but not the first time.
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    near.on('error', () => {}).on('close', () => far.destroy());
    far.on('error', () => {}).on('close', () => near.destroy());
    far.pipe(near);
    near.on('data', (part: Buffer) => {
      if (part.includes('LISTEN') && listens++ > 0 && breaks < 3) {
        breaks++;
        near.resetAndDestroy();
      } else far.write(part);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const line = new URL(url);
  line.port = String((server.address() as AddressInfo).port);
  const heard = new EventEmitter();
  const listener = await Listener.open(line.href, {
    channels: ['one'],
    onNotification: () => {},
    onReconnect: () => heard.emit('again'),
    onError: () => {},
  });
  onTestFinished(async () => {
    await listener.close();
    await new Promise((resolve) => server.close(resolve));
  });
  const again = once(heard, 'again');
  await withAdmin(url, (admin) =>
    admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [
      new URL(url).pathname.slice(1),
    ]),
  );
  await again;
  expect(breaks).toBe(3);
});
