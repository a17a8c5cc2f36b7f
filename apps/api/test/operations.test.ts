import { newId } from '@espalier/store';
import { expect, it } from 'vitest';
import { startPlatform } from './platform.ts';
import { experiment } from './rows.ts';

const START = (allocation: string) =>
  `mutation { startRuns(input: { experimentId: "exp_s", strategies: [{ allocation: "${allocation}", criterion: "random" }], targets: [{ share: 0.5 }], seeds: [1, 2] }) { runs { id } } }`;

it('the queue tells what waits, of other teams to operators only', async () => {
  const platform = await startPlatform();
  const [editor, other] = [await platform.member('editor'), await platform.operator()];
  await experiment(platform, editor.teamId);
  const { data } = await editor.ask(START('uniform'));
  const [first, second] = data.startRuns.runs;
  const counts = '{ waiting active oldestWaitingSeconds byKind { kind waiting } }';
  const { queue } = (await editor.ask(`{ queue ${counts} }`)).data;
  expect(queue).toMatchObject({
    ...{ waiting: 2, active: 0, oldestWaitingSeconds: expect.any(Number) },
    byKind: [
      { kind: 'SHARD', waiting: 0 },
      { kind: 'RUN', waiting: 2 },
      { kind: 'RECOMPUTE', waiting: 0 },
      { kind: 'PROFILING', waiting: 0 },
    ],
  });
  const ask = `{ queue { waiting oldestWaitingSeconds overall ${counts} } }`;
  expect((await editor.ask(ask)).errors[0].extensions.code).toBe('FORBIDDEN');
  expect((await other.ask(ask)).data.queue).toMatchObject({
    ...{ waiting: 0, oldestWaitingSeconds: null },
    overall: { waiting: 2, active: 0 },
  });
  const ahead = await editor.ask(
    `{ a: run(id: "${first.id}") { ahead } b: run(id: "${second.id}") { ahead } }`,
  );
  expect(ahead.data).toEqual({ a: { ahead: 0 }, b: { ahead: 1 } });
});

it('an operator ends a run of another team, sees nothing of it, and stands in its audit log', async () => {
  const platform = await startPlatform();
  const { prisma } = platform;
  const [owner, operator, other] = [
    await platform.member('admin'),
    await platform.operator(),
    await platform.member('admin'),
  ];
  await experiment(platform, owner.teamId);
  const { data } = await owner.ask(START('uniform'));
  const [{ id }, { id: second }] = data.startRuns.runs;
  const seen = await operator.ask('{ load { team { reference name } runs { reference state } } }');
  expect(seen.data.load).toEqual([
    {
      team: { reference: owner.teamId, name: 'Team' },
      runs: [id, second].map((reference) => ({ reference, state: 'QUEUED' })),
    },
  ]);
  expect((await operator.ask(`{ run(id: "${id}") { id } runs { totalCount } }`)).data).toEqual({
    run: null,
    runs: { totalCount: 0 },
  });
  const end = `mutation { endRuns(input: { ids: ["${id}"] }) { ok errors { message } loadRuns { reference } skipped { reference state } } }`;
  expect((await other.ask(end)).errors[0].message).toMatch(/needs an operator/);
  expect((await owner.ask(end)).errors[0].extensions.code).toBe('FORBIDDEN');
  expect((await operator.ask(end)).data.endRuns).toMatchObject({
    loadRuns: [{ reference: id }],
    skipped: [],
  });
  const skipped = [{ reference: id, state: 'CANCELLED' }];
  expect((await operator.ask(end)).data.endRuns).toMatchObject({ loadRuns: [], skipped });
  const none = await operator.ask(
    'mutation { endRuns(input: { ids: ["run_none"] }) { errors { message } } }',
  );
  expect(none.data.endRuns.errors[0].message).toBe('there is no such run');
  const log = await owner.ask(
    '{ auditLog(filter: { action: { in: ["run.cancel"] } }) { nodes { subject { reference } words actor { user { id } } } } runs { nodes { id state } } }',
  );
  expect(log.data.auditLog.nodes).toEqual([
    {
      ...{ subject: { reference: id }, words: 'cancelled run as an operator of the installation' },
      actor: { user: { id: operator.userId } },
    },
  ]);
  expect(await prisma.run.findUniqueOrThrow({ where: { id } })).toMatchObject({ state: 'cancelled' });
  expect(await prisma.run.findUniqueOrThrow({ where: { id: second } })).toMatchObject({ state: 'queued' });
});

it('operators make others operators, signed in; there is always one', async () => {
  const platform = await startPlatform();
  const { prisma, signedIn } = platform;
  const [operator, other] = [await platform.operator(), await platform.member('viewer')];
  const set = (who: string, is: boolean) =>
    `mutation { setOperator(input: { email: "${who}@example.org", operator: ${is} }) { ok errors { message } user { id } } }`;
  expect((await operator.ask(set(other.userId, true))).errors[0].message).toMatch(/takes signing in/);
  const [boss, guest] = [await signedIn(operator.userId), await signedIn(other.userId)];
  expect((await guest.ask(set(other.userId, true))).errors[0].extensions.code).toBe('FORBIDDEN');
  const last = await boss.ask(set(operator.userId, false));
  expect(last.data.setOperator.errors[0].message).toMatch(/needs an operator/);
  const unknown = await boss.ask(set('nobody', true));
  expect(unknown.data.setOperator.errors[0].message).toBe('no user has the address nobody@example.org');
  expect((await boss.ask(set(other.userId, true))).data.setOperator.user).toEqual({ id: other.userId });
  // At once, and whatever the role in a team.
  expect(
    (await guest.ask('{ viewer { viewerCanOperate } workers { nodes { id } } }')).errors,
  ).toBeUndefined();
  // A key of a viewer only reads.
  expect((await other.ask('{ workers { nodes { id } } }')).errors[0].extensions.code).toBe('FORBIDDEN');
  expect((await guest.ask(set(operator.userId, false))).data.setOperator.ok).toBe(true);
  expect((await boss.ask('{ load { team { name } } }')).errors[0].extensions.code).toBe('FORBIDDEN');
  const actions = await prisma.auditEntry.findMany({ where: { action: { startsWith: 'operator.' } } });
  expect(actions.map(({ action, actor, subject }) => [action, actor, subject]).sort()).toEqual([
    ['operator.add', operator.userId, other.userId],
    ['operator.remove', other.userId, operator.userId],
  ]);
});

it('who may only see their own work sees which engines there are, and nothing of hosts', async () => {
  const platform = await startPlatform();
  const admin = await platform.member('admin');
  const worker = {
    host: 'secret-host',
    pid: 1,
    engine: 'onnxruntime',
    cores: 2,
    memoryBytes: 1,
    version: 'v',
  };
  const lastSeenAt = new Date(Date.now() + 600_000);
  const id = newId('worker');
  await platform.prisma.worker.create({ data: { ...worker, id, lastSeenAt } });
  const { data } = await admin.ask(`{ engines { engine workers } node(id: "${id}") { id } }`);
  expect(data).toEqual({ engines: [{ engine: 'ONNXRUNTIME', workers: 1 }], node: null });
});

it('workers show their state, and what they are at to the team whose work it is', async () => {
  const platform = await startPlatform();
  const { prisma } = platform;
  const [admin, stranger] = [await platform.operator(), await platform.operator()];
  await experiment(platform, admin.teamId);
  const { data } = await admin.ask(START('uniform'));
  const [{ id: runId }] = data.startRuns.runs;
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
  const ask = '{ workers { nodes { id state draining engine run { id } sampling { id } } } }';
  const seen = async (who: typeof admin) => {
    // They live for as long as it takes to ask.
    const alive = { id: { in: [busy ?? '', idle ?? ''] } };
    await prisma.worker.updateMany({ where: alive, data: { lastSeenAt: new Date() } });
    return (await who.ask(ask)).data.workers.nodes;
  };
  expect(await seen(admin)).toMatchObject([
    { id: busy, state: 'BUSY', run: { id: runId } },
    { id: idle, state: 'IDLE', run: null },
    { id: lost, state: 'LOST', run: null },
    { id: stopped, state: 'STOPPED', run: null },
  ]);
  expect((await seen(stranger))[0]).toMatchObject({ state: 'BUSY', run: null, sampling: null });

  const drain = await admin.ask(
    `mutation { drainWorker(input: { id: "${idle}" }) { ok errors { message } worker { draining } } }`,
  );
  expect(drain.data.drainWorker).toEqual({ ok: true, errors: [], worker: { draining: true } });
  expect((await seen(admin))[1]).toMatchObject({ state: 'DRAINING', draining: true });
  const resume = await admin.ask(
    `mutation { resumeWorker(input: { id: "${idle}" }) { worker { draining } } }`,
  );
  expect(resume.data.resumeWorker.worker.draining).toBe(false);
  const over = await admin.ask(
    `mutation { drainWorker(input: { id: "${stopped}" }) { errors { message } } }`,
  );
  expect(over.data.drainWorker.errors[0].message).toBe('the worker has stopped');
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
  const [{ id }] = data.startRuns.runs;
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
    progress: { stage: 'SAMPLING', done: 160, total: 400, ratePerSecond: 6, secondsLeft: 40 },
    stages: [{ name: 'SAMPLING', state: 'RUNNING', done: 160, total: 400, seconds: expect.any(Number) }],
    epochs: [],
    ahead: null,
  });
});
