import { mkdtemp, rm } from 'node:fs/promises';
import { expect, it, onTestFinished } from 'vitest';
import { testDatabase } from '../../../packages/store/test/test-database.ts';
import { freePort } from '../src/dashboard/free-port.ts';
import { startMain } from './main-process.ts';
import { startPlatform } from './platform.ts';

it('numbers for a watcher are on a port of their own, and there only', async () => {
  const port = await freePort();
  const home = await mkdtemp('/var/tmp/espalier-watching-');
  const { process: child, address } = await startMain({
    ...{ ESPALIER_HOME: home, ESPALIER_DATABASE_URL: await testDatabase() },
    ESPALIER_METRICS_PORT: String(port),
  });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await rm(home, { recursive: true, force: true });
  });
  for (const [path, method] of [
    ['/health', 'GET'],
    ['/health', 'PATCH'],
    ['/graphql', 'GET'],
    ['/no/where', 'GET'],
  ]) {
    await fetch(`${address}${path}`, method === undefined ? {} : { method });
  }
  const read = async () => (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  await expect.poll(read).toMatch(/^espalier_workers\{engine="onnxruntime"\} 1$/m);
  const text = await read();
  expect(text).toMatch(/^espalier_http_requests_total\{route="health",method="GET",status="200"\} 1$/m);
  expect(text).toMatch(/^espalier_http_requests_total\{route="health",method="other",status="405"\} 1$/m);
  expect(text).toMatch(
    /^espalier_http_request_seconds_bucket\{le="0\.25",route="queries",method="GET"\} 1$/m,
  );
  expect(text).toMatch(/^espalier_jobs\{kind="run",state="waiting"\} 0$/m);
  expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds /m);
  expect(text).not.toContain('where');
  // Nothing else is there, and the numbers are nowhere else.
  expect((await fetch(`http://127.0.0.1:${port}/graphql`)).status).toBe(404);
  expect(await (await fetch(`${address}/metrics`)).text()).not.toContain('espalier_workers');
});

it('an API that cannot do its work is not ready, and says what it lacks; each answer has a number', async () => {
  const { address, prisma } = await startPlatform();
  const ready = async () => {
    const response = await fetch(`${address}/ready`);
    expect(response.headers.get('x-request-id')).toMatch(/^[\w-]{12}$/);
    return [response.status, await response.json()];
  };
  expect(await ready()).toEqual([200, { ok: true, database: true, schema: true, artifacts: true }]);
  await prisma.$executeRaw`DELETE FROM "_prisma_migrations" WHERE migration_name LIKE '%_init'`;
  await expect
    .poll(ready, { timeout: 5000 })
    .toEqual([503, { ok: false, database: true, schema: false, artifacts: true }]);
  // It lives: nobody shall start it again for that.
  expect((await fetch(`${address}/health`)).status).toBe(200);
});
