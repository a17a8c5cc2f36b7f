import { newId } from '@espalier/store';
import { expect, it } from 'vitest';
import { startPlatform } from './platform.ts';
import { experiment } from './rows.ts';

const START = (allocation: string) =>
  `mutation { startRuns(experimentId: "exp_s", strategies: [{ allocation: "${allocation}", criterion: "random" }], targets: [{ share: 0.5 }], seeds: [1, 2]) { started { runs { id } } } }`;

it('the queue tells what waits, and how much of it is before the team', async () => {
  const platform = await startPlatform();
  const [editor, other] = [await platform.member('editor'), await platform.member('viewer')];
  await experiment(platform, editor.teamId);
  const { data } = await editor.ask(START('uniform'));
  const [first, second] = data.startRuns.started.runs;
  const counts = '{ waiting active oldestWaitingSeconds byKind { kind waiting } }';
  const ask = `{ queue { waiting active oldestWaitingSeconds ahead byKind { kind waiting } overall ${counts} } }`;
  const { queue } = (await editor.ask(ask)).data;
  expect(queue).toMatchObject({
    ...{ waiting: 2, active: 0, ahead: 0, oldestWaitingSeconds: expect.any(Number) },
    byKind: [
      { kind: 'shard', waiting: 0 },
      { kind: 'run', waiting: 2 },
    ],
    overall: { waiting: 2 },
  });
  // Another team sees the numbers of everybody and none of its own.
  expect((await other.ask(ask)).data.queue).toMatchObject({
    ...{ waiting: 0, ahead: null, oldestWaitingSeconds: null },
    overall: { waiting: 2, active: 0 },
  });
  const ahead = await editor.ask(
    `{ a: run(id: "${first.id}") { ahead } b: run(id: "${second.id}") { ahead } }`,
  );
  expect(ahead.data).toEqual({ a: { ahead: 0 }, b: { ahead: 1 } });
});

it('workers show their state, and what they are at to the team whose work it is', async () => {
  const platform = await startPlatform();
  const { prisma } = platform;
  const [admin, stranger] = [await platform.member('admin'), await platform.member('admin')];
  await experiment(platform, admin.teamId);
  const { data } = await admin.ask(START('uniform'));
  const [{ id: runId }] = data.startRuns.started.runs;
  const worker = { host: 'h', pid: 1, engine: 'onnxruntime', cores: 2, memoryBytes: 1024, version: 'v' };
  const [busy, idle, lost, stopped] = Array.from({ length: 4 }, () => newId('worker'));
  const minute = new Date(Date.now() - 60_000);
  await prisma.worker.createMany({
    data: [
      { ...worker, id: busy ?? '' },
      { ...worker, id: idle ?? '' },
      { ...worker, id: lost ?? '', lastSeenAt: minute },
      { ...worker, id: stopped ?? '', stoppedAt: new Date() },
    ],
  });
  await prisma.run.update({ where: { id: runId }, data: { state: 'searching', workerId: busy ?? '' } });
  const ask = '{ workers(stopped: true) { id state draining engine run { id } sampling { id } } }';
  const seen = async (who: typeof admin) => {
    // They live for as long as it takes to ask.
    const alive = { id: { in: [busy ?? '', idle ?? ''] } };
    await prisma.worker.updateMany({ where: alive, data: { lastSeenAt: new Date() } });
    return (await who.ask(ask)).data.workers;
  };
  expect(await seen(admin)).toMatchObject([
    { id: busy, state: 'busy', run: { id: runId } },
    { id: idle, state: 'idle', run: null },
    { id: lost, state: 'lost', run: null },
    { id: stopped, state: 'stopped', run: null },
  ]);
  expect((await seen(stranger))[0]).toMatchObject({ state: 'busy', run: null, sampling: null });

  const drain = await admin.ask(
    `mutation { drainWorker(id: "${idle}") { ok error { message } worker { draining } } }`,
  );
  expect(drain.data.drainWorker).toEqual({ ok: true, error: null, worker: { draining: true } });
  expect((await seen(admin))[1]).toMatchObject({ state: 'draining', draining: true });
  const resume = await admin.ask(`mutation { resumeWorker(id: "${idle}") { worker { draining } } }`);
  expect(resume.data.resumeWorker.worker.draining).toBe(false);
  const over = await admin.ask(`mutation { drainWorker(id: "${stopped}") { error { message } } }`);
  expect(over.data.drainWorker.error.message).toBe('the worker has stopped');
  const actions = await prisma.auditEntry.findMany({
    where: { subject: idle ?? '' },
    orderBy: { id: 'asc' },
  });
  expect(actions.map(({ action }) => action)).toEqual(['worker.drain', 'worker.resume']);
});

it('a run that waits for its sampling shows how far all shares of it are', async () => {
  const platform = await startPlatform();
  const { prisma } = platform;
  const editor = await platform.member('editor');
  await experiment(platform, editor.teamId);
  await prisma.experiment.update({ where: { id: 'exp_s' }, data: { samples: 400 } });
  const { data } = await editor.ask(START('cie'));
  const [{ id }] = data.startRuns.started.runs;
  const since = new Date(Date.now() - 20_000);
  const toldAt = new Date(since.getTime() + 10_000);
  const running = { state: 'running', total: 100, since, sinceDone: 0, toldAt } as const;
  await prisma.samplingShard.updateMany({
    where: { index: 0 },
    data: { state: 'done', total: 100, done: 100 },
  });
  await prisma.samplingShard.updateMany({ where: { index: 1 }, data: { ...running, done: 20 } });
  await prisma.samplingShard.updateMany({ where: { index: 2 }, data: { ...running, done: 40 } });
  const seen = await editor.ask(
    `{ run(id: "${id}") { progress { stage done total ratePerSecond secondsLeft } stages { name state seconds done total } epochs { epoch } ahead } }`,
  );
  expect(seen.data.run).toMatchObject({
    progress: { stage: 'sampling', done: 160, total: 400, ratePerSecond: 6, secondsLeft: 40 },
    stages: [{ name: 'sampling', state: 'running', done: 160, total: 400, seconds: expect.any(Number) }],
    epochs: [],
    ahead: null,
  });
});
