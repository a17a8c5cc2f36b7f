import { mkdtemp, rm } from 'node:fs/promises';
import { startEmbeddedPostgres } from '@espalier/store';
import pg from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import { platform, started, until } from '../../runs/test/platform.ts';
import { startWorker } from '../src/index.ts';

it('a worker goes on through a restart of PostgreSQL', { timeout: 600_000 }, async () => {
  const folder = await mkdtemp('/var/tmp/espalier-restart-');
  const server = await startEmbeddedPostgres(folder);
  // Registered first, so that it comes last.
  onTestFinished(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });
  const on = await platform({ url: server.url });
  const { prisma } = on.database;
  const cie = {
    allocation: 'cie',
    criterion: 'l1',
    target: { metric: 'macs', share: 0.4 },
    seed: 0,
  } as const;
  const specs = [{ ...cie, allocation: 'uniform' }, cie];
  const runs = await started(on, specs);
  const lines: string[] = [];
  const worker = await startWorker({
    ...{ database: on.database, queue: on.queue, artifacts: on.artifacts, home: `${on.folder}/home` },
    ...{ version: 'test', engine: 'onnxruntime', threads: 1, log: (line) => lines.push(line) },
  });
  await until(async () => (await prisma.run.count({ where: { state: 'measuring' } })) > 0);
  await crash(server.url);
  await until(
    async () =>
      (await prisma.run.count({ where: { state: { in: ['finished', 'failed'] } } }).catch(() => 0)) === 2,
  );
  await worker.stop();
  const over = await prisma.run.findMany({ include: { events: { orderBy: { seq: 'asc' } } } });
  expect(over.map(({ state, error }) => [state, error])).toEqual(runs.map(() => ['finished', null]));
  for (const { events } of over) expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i + 1));
  expect(await prisma.prunedResult.count()).toBe(2);
  expect(lines.filter((line) => line.includes('finished, top-1'))).toHaveLength(2);
});

/** Every connection breaks, and the server recovers as after a crash: that is what it does when a backend is killed. */
async function crash(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const gone = new Promise((resolve) => client.once('end', resolve));
  process.kill(rows[0]?.pid ?? 0, 'SIGKILL');
  await gone;
}
