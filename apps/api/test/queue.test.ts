import { expect, it } from 'vitest';
import { client, startPlatform } from './platform.ts';
import { experiment } from './rows.ts';

it('runs are cancelled, tried again and moved ahead, many at a time, and the audit log says so', async () => {
  const platform = await startPlatform();
  const editor = await platform.member('editor');
  const { prisma } = platform;
  await experiment(platform, editor.teamId);
  const start = await editor.ask(
    'mutation { startRuns(input: { experimentId: "exp_s", strategies: [{ allocation: "uniform", criterion: "random" }], targets: [{ share: 0.5 }], seeds: [1, 2, 3], priority: 2 }) { runs { id priority } } }',
  );
  const { runs } = start.data.startRuns;
  expect(runs.map(({ priority }: { priority: number }) => priority)).toEqual([2, 2, 2]);
  const [first, second, third] = runs.map(({ id }: { id: string }) => id);
  const many = async (mutation: string, name: string) =>
    (
      await editor.ask(
        `mutation { ${mutation} { ok errors { message } runs { id state priority } skipped { id } } }`,
      )
    ).data[name];
  const both = `cancelRuns(input: { ids: ["${first}", "${second}"] })`;
  expect(await many(both, 'cancelRuns')).toMatchObject({
    runs: [{ state: 'CANCELLED' }, { state: 'CANCELLED' }],
    skipped: [],
  });
  const others = `retryRuns(input: { ids: ["${first}", "${third}"] })`;
  expect(await many(others, 'retryRuns')).toMatchObject({
    runs: [{ id: first, state: 'QUEUED' }],
    skipped: [{ id: third }],
  });
  const refused = await many(`retryRuns(input: { ids: ["${second}", "run_none"] })`, 'retryRuns');
  expect(refused).toMatchObject({
    ok: false,
    errors: [{ message: 'there is no such run: run_none' }],
    runs: null,
  });
  expect(await many(`setPriority(input: { ids: ["${first}"], priority: 9 })`, 'setPriority')).toMatchObject({
    runs: [{ id: first, priority: 9 }],
  });
  expect(await many(`setPriority(input: { ids: ["${first}"], priority: 900 })`, 'setPriority')).toMatchObject(
    {
      errors: [{ message: 'a priority is a whole number from -100 to 100, not 900' }],
    },
  );
  const log = await prisma.auditEntry.findMany({
    where: { subject: { in: [first, second, third] } },
    orderBy: { createdAt: 'asc' },
  });
  expect(log.map(({ action, subject }) => [action, subject]).sort()).toEqual(
    [
      ['run.cancel', first],
      ['run.cancel', second],
      ['run.retry', first],
      ['run.priority', first],
    ].sort(),
  );
});

it('a run whose engine no worker has says what it waits for', async () => {
  const platform = await startPlatform();
  const editor = await platform.member('editor');
  const { prisma } = platform;
  await experiment(platform, editor.teamId);
  const start = await editor.ask(
    'mutation { startRuns(input: { experimentId: "exp_s", strategies: [{ allocation: "uniform" }], targets: [{ share: 0.5 }] }) { runs { id engine progress { waitsFor } } } }',
  );
  const [run] = start.data.startRuns.runs;
  const waitsFor = 'ONNXRUNTIME';
  expect(run).toMatchObject({ engine: 'ONNXRUNTIME', progress: { waitsFor } });
  const machine = { host: 'h', pid: 1, cores: 1, memoryBytes: 1, version: 'test' };
  await prisma.worker.create({ data: { id: 'worker_t', ...machine, engine: 'tensorflow' } });
  const ask = `{ run(id: "${run.id}") { progress { waitsFor } } }`;
  expect((await editor.ask(ask)).data.run.progress).toEqual({ waitsFor });
  await prisma.worker.create({ data: { id: 'worker_o', ...machine, engine: 'onnxruntime' } });
  expect((await editor.ask(ask)).data.run.progress).toEqual({ waitsFor: null });
});

it('a run waits until a worker is at it, or at a part of its sampling', async () => {
  const platform = await startPlatform();
  const editor = await platform.member('editor');
  const { prisma } = platform;
  await experiment(platform, editor.teamId);
  const start = await editor.ask(
    'mutation { startRuns(input: { experimentId: "exp_s", strategies: [{ allocation: "cie" }], targets: [{ share: 0.5 }] }) { runs { id } } }',
  );
  const [{ id }] = start.data.startRuns.runs;
  const progress = async () =>
    (await editor.ask(`{ run(id: "${id}") { state progress { waits } } }`)).data.run;
  expect(await progress()).toEqual({ state: 'SAMPLING', progress: { waits: true } });
  const [shard] = await prisma.samplingShard.findMany();
  expect(shard?.state).toBe('waiting');
  await prisma.samplingShard.updateMany({ where: { index: 0 }, data: { state: 'running' } });
  expect(await progress()).toEqual({ state: 'SAMPLING', progress: { waits: false } });
  await prisma.run.update({ where: { id }, data: { state: 'cutting' } });
  expect(await progress()).toEqual({ state: 'CUTTING', progress: { waits: false } });
  await prisma.run.update({ where: { id }, data: { state: 'queued' } });
  expect(await progress()).toEqual({ state: 'QUEUED', progress: { waits: true } });
});

it('runs and experiments are cloned with edits', async () => {
  const platform = await startPlatform();
  const editor = await platform.member('editor');
  await experiment(platform, editor.teamId);
  const clone = await editor.ask(
    `mutation { cloneExperiment(input: { id: "exp_s", samples: 2, grid: "0.25,0.75", recipe: { epochs: 2 } }) { ok errors { message } experiment { id name samples grid seed recipe { epochs } recipeHash } } }`,
  );
  const { experiment: made } = clone.data.cloneExperiment;
  expect(made).toMatchObject({
    ...{ name: 'e (copy)', samples: 2, grid: [0.25, 0.75], seed: 0, recipe: { epochs: 2 } },
    recipeHash: expect.any(String),
  });
  const plain = await editor.ask(
    `mutation { cloneExperiment(input: { id: "${made.id}", name: "plain", recipe: null }) { experiment { name samples recipe { epochs } } } }`,
  );
  expect(plain.data.cloneExperiment.experiment).toEqual({ name: 'plain', samples: 2, recipe: null });
  // What is told of a recipe can be given: with the names that its kinds have here, and what is null as left out.
  const whole = await editor.ask(`{ experiment(id: "${made.id}") { recipe {
    epochs steps batch learningRate warmup labelSmoothing clipNorm averaging recalibration
    schedule { kind at factor peak initial final } optimiser { kind weightDecay momentum nesterov beta1 beta2 epsilon }
    augmentation { crop flip } distillation { temperature weight }
  } } }`);
  const { recipe } = whole.data.experiment;
  expect(recipe).toMatchObject({
    schedule: { kind: 'COSINE', final: 0, at: null },
    optimiser: { kind: 'SGD', beta1: null },
  });
  for (const [change, equal] of [
    [{}, true],
    [{ schedule: { kind: 'ONE_CYCLE' } }, false],
    [{ schedule: { kind: 'one-cycle' } }, false],
  ] as const) {
    const { data, errors } = await editor.ask(
      'mutation ($id: ID!, $name: String!, $recipe: JSONObject) { cloneExperiment(input: { id: $id, name: $name, recipe: $recipe }) { errors { message } experiment { recipeHash recipe { schedule { kind peak } } } } }',
      { id: made.id, name: JSON.stringify(change), recipe: { ...recipe, ...change } },
    );
    expect(errors).toBeUndefined();
    expect(data.cloneExperiment.errors).toEqual([]);
    expect(data.cloneExperiment.experiment).toMatchObject({
      recipeHash: equal ? made.recipeHash : expect.not.stringMatching(made.recipeHash),
      recipe: { schedule: equal ? { kind: 'COSINE', peak: null } : { kind: 'ONE_CYCLE', peak: 0.3 } },
    });
  }
  const started = await editor.ask(
    'mutation { startRuns(input: { experimentId: "exp_s", strategies: [{ allocation: "uniform" }], targets: [{ share: 0.5 }] }) { runs { id } } }',
  );
  const [{ id }] = started.data.startRuns.runs;
  const again = await editor.ask(
    `mutation { cloneRun(input: { id: "${id}", share: 0.25, experimentId: "${made.id}" }) { ok errors { message } run { experiment { id } allocation share metric } } }`,
  );
  expect(again.data.cloneRun.run).toEqual({
    ...{ experiment: { id: made.id }, allocation: 'uniform', share: 0.25, metric: 'MACS' },
  });
  // Where it goes has to be the team's.
  const stranger = await platform.member('editor');
  await platform.prisma.experiment.update({ where: { id: made.id }, data: { teamId: stranger.teamId } });
  const foreign = await client(platform.address, editor.key).ask(
    `mutation { cloneRun(input: { id: "${id}", experimentId: "${made.id}" }) { ok errors { message path } } }`,
  );
  expect(foreign.data.cloneRun.errors).toEqual([
    {
      message: 'there is no such experiment',
      path: ['experimentId'],
    },
  ]);
});
