import type { RunSpec } from '@espalier/runs';
import { expect, it } from 'vitest';
import { type Platform, platform, started, until } from '../../runs/test/platform.ts';
import { startWorker } from '../src/index.ts';

const spec: RunSpec = {
  allocation: 'uniform',
  criterion: 'l1',
  target: { metric: 'macs', share: 0.4 },
  seed: 0,
};

/** More than a worker ends before it notices, on a machine that is busy. */
const RUNS = 12;

it('a worker that drains ends what it is at, takes nothing more, and works again when it is resumed', async () => {
  const on = await platform();
  const { prisma } = on.database;
  await started(on, Array(RUNS).fill(spec));
  const lines: string[] = [];
  const worker = await start(on, lines);
  const { id } = worker;
  const finished = () => prisma.run.count({ where: { state: 'finished' } });
  const atWork = () => prisma.run.count({ where: { workerId: id } });
  await until(async () => (await atWork()) === 1);
  // Told as a person would, in the registry.
  await prisma.worker.update({ where: { id }, data: { draining: true } });
  await until(async () => lines.includes('takes no more jobs until it is resumed'));
  await until(async () => (await atWork()) === 0);
  const ended = await finished();
  // Long enough for a worker that looks twice per second to take another one.
  await until(async () => (await beats(on, id)) > 2);
  expect(await finished()).toBe(ended);
  expect(ended).toBeLessThan(RUNS);
  await prisma.worker.update({ where: { id }, data: { draining: false } });
  await until(async () => (await atWork()) === 1);
  // Told by the process itself, as by a signal: it ends its run.
  const before = await finished();
  await worker.drain();
  expect(await atWork()).toBe(0);
  expect(await finished()).toBe(before + 1);
  await worker.stop();
  const row = await prisma.worker.findUniqueOrThrow({ where: { id } });
  expect(row.draining).toBe(true);
  expect(row.stoppedAt).not.toBe(null);
  expect(lines.filter((line) => line.includes('given back'))).toEqual([]);
});

function start({ database, queue, artifacts, folder }: Platform, lines: string[]) {
  return startWorker({
    ...{ database, queue, artifacts, home: `${folder}/home`, version: 'test', engine: 'onnxruntime' },
    ...{ threads: 1, log: (line) => lines.push(line), onError: (error) => console.error(error) },
  });
}

const seen = new Map<string, Set<number>>();

/** How many heartbeats of a worker were noticed here. */
async function beats({ database }: Platform, id: string): Promise<number> {
  const { lastSeenAt } = await database.prisma.worker.findUniqueOrThrow({ where: { id } });
  const times = seen.get(id) ?? new Set();
  seen.set(id, times.add(lastSeenAt.getTime()));
  return times.size;
}
