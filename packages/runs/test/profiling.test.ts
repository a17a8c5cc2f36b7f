import { newId } from '@espalier/store';
import { expect, it } from 'vitest';
import { startProfiling } from '../src/index.ts';
import { experimentOf, type Platform, platform, scheduling } from './platform.ts';

const PI = { cpu: 'Cortex-A76', cores: 4, platform: 'linux arm64' };
const SERVER = { cpu: 'EPYC', cores: 2, platform: 'linux x64' };

/** A worker as the registry has it. */
async function working(on: Platform, host: string, row: object = {}): Promise<void> {
  await on.queue.makeMachine(host);
  await on.database.prisma.worker.create({
    data: {
      ...{ id: newId('worker'), host, pid: 1, engine: 'onnxruntime', memoryBytes: 1, version: 'test' },
      ...{ ...SERVER, ...row },
    },
  });
}

it('what no worker can measure is refused before anything is made, with the field and the remedy', async () => {
  const on = await platform();
  const { prisma } = on.database;
  const { teamId, modelId } = await experimentOf(on);
  await prisma.user.create({ data: { id: 'user_a', email: 'a@example.org', name: 'A' } });
  const asked = (input: object = {}) => {
    const request = {
      ...{ teamId, modelId, createdById: 'user_a', deviceId: null, deviceName: null, host: null },
      ...{ threads: null, batch: 1, structures: 40, ...input },
    };
    return scheduling(on, (transaction) => startProfiling(transaction, on.queue, request));
  };
  const refused = async (field: string, message: string | RegExp, input: object = {}) => {
    await expect(asked(input)).rejects.toMatchObject({ field, message: expect.stringMatching(message) });
  };
  await refused('machine', /^no worker can measure profiles now: start one on the target machine/);
  // Silent, draining, stopped, or of an engine that does not tell the time of layers.
  await working(on, 'gone', { lastSeenAt: new Date(Date.now() - 60_000) });
  await working(on, 'drained', { draining: true });
  await working(on, 'stopped', { stoppedAt: new Date() });
  await working(on, 'gpu', { engine: 'tensorflow' });
  await refused('machine', /^no worker can measure profiles now/);

  await working(on, 'server');
  await working(on, 'server');
  expect(await asked()).toMatchObject({ host: 'server', deviceName: 'server', threads: 2, state: 'waiting' });
  await refused('machine', '^no active worker on a machine "pi": there are workers on "server"$', {
    host: 'pi',
  });
  await working(on, 'pi', PI);
  await refused('machine', '^there are workers on "pi", "server": choose one of these machines$');
  await prisma.device.create({ data: { id: 'device_pi', teamId, name: 'Board', ...PI } });
  // The device says which.
  expect(await asked({ deviceId: 'device_pi' })).toMatchObject({
    host: 'pi',
    threads: 4,
    deviceName: 'Board',
  });
  expect(await asked({ deviceName: 'board', threads: 3 })).toMatchObject({
    host: 'pi',
    deviceId: 'device_pi',
  });
  await refused(
    'deviceName',
    '^the machine "server" has 2 cores of EPYC \\(linux x64\\), and the device "Board" has 4 cores of Cortex-A76 \\(linux arm64\\): give another device$',
    { host: 'server', deviceName: 'board' },
  );
  await prisma.device.create({ data: { id: 'device_m1', teamId, name: 'M1', ...PI, cpu: 'M1' } });
  await refused('machine', '^no worker runs on a machine like the device "M1", which has 4 cores of M1', {
    deviceId: 'device_m1',
  });
  await refused('threads', /^3 threads: "server" has 2 cores: give a whole number from 1 to 2$/, {
    ...{ host: 'server', threads: 3 },
  });
  await refused('batch', /^0 images a run: give a whole number from 1 to 1024$/, { batch: 0 });
  await refused('structures', /^1 structures: give a whole number from 2 to 1000$/, { structures: 1 });
  await refused('deviceId', /^there is no such device$/, { deviceId: 'device_none' });

  const jobs = await jobsOf(on);
  expect(jobs).toEqual({ 'machine/server': 1, 'machine/pi': 2 });
  expect(await prisma.profiling.count()).toBe(3);
});

/** How many jobs are in each queue of machines. */
async function jobsOf({ database }: Platform) {
  const { rows } = await database.pool.query<{ name: string; count: number }>(
    `SELECT name, count(*)::int AS count FROM queue.job WHERE name LIKE 'machine/%' GROUP BY name`,
  );
  return Object.fromEntries(rows.map(({ name, count }) => [name, count]));
}
