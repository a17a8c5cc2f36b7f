import path from 'node:path';
import type { Readable } from 'node:stream';
import { json } from 'node:stream/consumers';
import { machineHere, profileSchema } from '@espalier/latency';
import { cancelProfiling, type RunSpec, startProfiling } from '@espalier/runs';
import type { Profiling } from '@espalier/store';
import { expect, it } from 'vitest';
import { experimentOf, type Platform, platform, scheduling } from '../../runs/test/platform.ts';
import { exitOf, inProcess, outOfProcess, start, timePasses, until, untilOver } from './processes.ts';

const uniform: RunSpec = {
  allocation: 'uniform',
  criterion: 'l1',
  target: { metric: 'macs', share: 0.4 },
  seed: 0,
};

/** The fewest structures, each on one thread. */
async function asked(on: Platform, input: object = {}): Promise<Profiling> {
  const { teamId, modelId } = await experimentOf(on);
  const { prisma } = on.database;
  const { id: createdById } = await prisma.user.upsert({
    where: { id: 'user_a' },
    create: { id: 'user_a', email: 'a@example.org', name: 'A' },
    update: {},
  });
  const request = {
    ...{ teamId, modelId, createdById, deviceId: null, deviceName: 'board', host: null },
    ...{ threads: 1, batch: 2, structures: 2, ...input },
  };
  return scheduling(on, (transaction) => startProfiling(transaction, on.queue, request));
}

const rowOf = (on: Platform, { id }: Pick<Profiling, 'id'>) =>
  on.database.prisma.profiling.findUniqueOrThrow({ where: { id } });

async function measured(on: Platform, asked: Pick<Profiling, 'id'>): Promise<Profiling> {
  await until(async () => ['done', 'failed', 'cancelled'].includes((await rowOf(on, asked)).state));
  return rowOf(on, asked);
}

it('a worker ends what it is at, measures while its machine takes nothing else, and keeps a profile', async () => {
  const on = await platform();
  const { prisma } = on.database;
  const worker = await inProcess(on);
  const [before] = await start(on, [uniform]);
  await until(async () => (await prisma.run.findFirst({ where: { startedAt: { not: null } } })) !== null);
  const profiling = await asked(on);
  // Another one of the same machine.
  const other = outOfProcess(on);
  await until(async () => (await rowOf(on, profiling)).state === 'measuring');
  await until(async () => (await prisma.worker.count()) === 2);
  const [during] = await start(on, [{ ...uniform, seed: 1 }]);
  const over = await measured(on, profiling);
  expect([over.state, over.error]).toEqual(['done', null]);
  const { finishedAt } = await untilOver(on, before?.id ?? '');
  const later = await untilOver(on, during?.id ?? '');
  await worker.stop();
  other.kill('SIGTERM');
  await exitOf(other);
  // One after the other.
  expect(over.since?.getTime()).toBeGreaterThanOrEqual(finishedAt?.getTime() ?? Number.NaN);
  expect(later.startedAt?.getTime()).toBeGreaterThanOrEqual(over.finishedAt?.getTime() ?? Number.NaN);
  expect(over).toMatchObject({ done: 12, total: 12 });

  const row = await prisma.deviceProfile.findUniqueOrThrow({
    where: { id: over.profileId ?? '' },
    include: { device: true, artifact: true },
  });
  const { cpu, cores, platform: system } = machineHere();
  expect(row.device).toMatchObject({ name: 'board', cpu, cores, platform: system });
  expect(row).toMatchObject({ workerId: over.workerId, createdById: 'user_a', threads: 1, batch: 2 });
  expect(row.artifact.mediaType).toBe('application/x-espalier-profile+json');
  // The file is what the command writes: whoever fetches it prunes by it.
  const file = profileSchema.parse(await json((await on.artifacts.get(row.sha256)) as Readable));
  expect(file).toMatchObject({ device: 'board', structures: 2, baseMs: row.baseMs });
  expect(file.error.structures).toHaveLength(10);
  expect(row.stairs).toHaveLength(64);
});

it('another worker of the machine goes on where a killed one was', { timeout: 300_000 }, async () => {
  const on = await platform();
  const { prisma } = on.database;
  const settings = { home: path.join(on.folder, 'home') };
  const victim = outOfProcess(on, { settings });
  await until(async () => (await prisma.worker.count()) > 0);
  const profiling = await asked(on);
  await until(async () => (await rowOf(on, profiling)).done >= 6);
  victim.kill('SIGKILL');
  await exitOf(victim);
  await timePasses(on);
  const other = outOfProcess(on, { settings });
  const over = await measured(on, profiling);
  other.kill('SIGTERM');
  await exitOf(other);
  expect([over.state, over.error]).toEqual(['done', null]);
  expect(over.claim).toBe(2);
  // The first six were not measured again.
  expect(over.sinceDone).toBe(6);
  expect(await prisma.deviceProfile.count()).toBe(1);
});

it('a cancelled one ends at once, leaves nothing, and its worker takes runs again', async () => {
  const on = await platform();
  const { prisma } = on.database;
  const worker = await inProcess(on);
  const profiling = await asked(on, { structures: 1000 });
  await until(async () => (await rowOf(on, profiling)).state === 'measuring');
  expect(await scheduling(on, (transaction) => cancelProfiling(transaction, profiling.id))).toBe(true);
  const [run] = await start(on, [uniform]);
  expect((await untilOver(on, run?.id ?? '')).state).toBe('finished');
  await worker.stop();
  expect((await rowOf(on, profiling)).state).toBe('cancelled');
  expect(await scheduling(on, (transaction) => cancelProfiling(transaction, profiling.id))).toBe(false);
  expect(await prisma.deviceProfile.count()).toBe(0);
  expect(await prisma.device.count()).toBe(0);
});

it('a worker that stops gives it back; what a device cannot be is told when it is measured', async () => {
  const on = await platform();
  const { prisma } = on.database;
  const { teamId } = await experimentOf(on);
  const first = await inProcess(on);
  const profiling = await asked(on);
  await until(async () => (await rowOf(on, profiling)).state === 'measuring');
  await first.stop();
  expect(await rowOf(on, profiling)).toMatchObject({ state: 'waiting', workerId: null });
  // Somebody was faster with the name.
  await prisma.device.create({
    data: { id: 'device_a', teamId, name: 'Board', cpu: 'another', cores: 3, platform: 'linux arm64' },
  });
  const second = await inProcess(on);
  const over = await measured(on, profiling);
  await second.stop();
  expect(over).toMatchObject({ state: 'failed', profileId: null });
  expect(over.error).toMatch(
    /the device "Board" has 3 cores of another \(linux arm64\): give another device$/,
  );
});
