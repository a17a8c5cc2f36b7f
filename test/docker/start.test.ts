import { connect, createServer } from 'node:net';
import { Queue } from '@espalier/runs';
import { expect, it, onTestFinished } from 'vitest';
import { freePort } from '../../apps/api/src/dashboard/free-port.ts';
import { testDatabase } from '../../packages/store/test/test-database.ts';
import { startContainer } from './container.ts';
import { readImage } from './dockerfile.ts';

it('the api image starts, becomes healthy, and ends in order', async () => {
  const port = String(await freePort());
  const image = readImage('api');
  expect(image.env).toMatchObject({ ESPALIER_HOST: '0.0.0.0', ESPALIER_PORT: '4000' });
  const api = await startContainer(image, {
    ESPALIER_DATABASE_URL: await testDatabase({ migrated: false }),
    ESPALIER_PORT: port,
  });
  expect(api.health()).toMatch(/no answer/);
  await api.untilHealthy();
  await api.untilSaid(/Ctrl-C ends it/);
  // Its log is kept, and read by others.
  expect(api.said()).not.toMatch(/esp_|token=/);
  const answer = await fetch(`http://127.0.0.1:${port}/health`);
  expect(await answer.json()).toEqual({ ok: true });
  // The dashboard is in it.
  const page = () => fetch(`http://127.0.0.1:${port}/sign-in`).then(({ status }) => status);
  await expect.poll(page, { timeout: 60_000 }).toBe(200);
  api.child.kill('SIGTERM');
  expect(await api.ended, api.said()).toBe(0);
  expect(api.health()).toMatch(/no answer/);
});

it('the worker image waits for its database, becomes healthy, and ends in order', async () => {
  const migrated = await testDatabase();
  // As the API leaves it.
  await (await Queue.open(migrated, () => {})).close();
  const url = new URL(migrated);
  const database = { host: url.hostname, port: Number(url.port) };
  // Nobody listens at first: the port is the database's later on.
  const port = await freePort();
  url.port = String(port);
  const worker = await startContainer(readImage('worker'), { ESPALIER_DATABASE_URL: url.href });
  await worker.untilSaid(
    /database test_\w+ at 127\.0\.0\.1:\d+ is not up \(ECONNREFUSED\); trying again in 1 s/,
  );
  expect(worker.health()).toBe('no heartbeat yet');
  await forward(port, database);
  await worker.untilSaid(/takes runs/);
  await worker.untilHealthy();
  worker.child.kill('SIGTERM');
  expect(await worker.ended, worker.said()).toBe(0);
});

it('a worker that waits can be stopped, and one without a database says so', async () => {
  const nowhere = `postgresql://u:p@127.0.0.1:${await freePort()}/espalier`;
  const waiting = await startContainer(readImage('worker'), { ESPALIER_DATABASE_URL: nowhere });
  await waiting.untilSaid(/trying again/);
  waiting.child.kill('SIGTERM');
  expect(await waiting.ended, waiting.said()).toBe(0);
  const lost = await startContainer(readImage('worker'), {
    ESPALIER_S3_ENDPOINT: 'nowhere',
    ESPALIER_DATABASE_URL: 'x',
  });
  expect(await lost.ended).toBe(1);
  // Both at once.
  expect(lost.said()).toMatch(/ESPALIER_DATABASE_URL.*ESPALIER_S3_ENDPOINT/);
});

/** Passes connections on to the database: from now on it is up. */
function forward(port: number, to: { readonly host: string; readonly port: number }): Promise<void> {
  const server = createServer((from) => {
    const onwards = connect(to);
    for (const [one, other] of [
      [from, onwards],
      [onwards, from],
    ] as const) {
      one.on('error', () => other.destroy()).on('close', () => other.destroy());
      one.pipe(other);
    }
  });
  onTestFinished(() => {
    server.close();
  });
  return new Promise((resolve, reject) => {
    server.on('error', reject).listen(port, '127.0.0.1', resolve);
  });
}
