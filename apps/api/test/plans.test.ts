import { parseRecipe, recipeHash } from '@espalier/engines';
import { expect, it } from 'vitest';
import { type Member, startPlatform } from './platform.ts';
import { experiment } from './rows.ts';

const start = (strategy: string, target: string, seeds = '0') =>
  `mutation { startRuns(input: { experimentId: "exp_s", strategies: [${strategy}], targets: [${target}], seeds: [${seeds}] }) { ok errors { message path } notes runs { id seed rounds recovery { steps } limits { align minWidth maxRatio keep } } } }`;
const HALF = '{ share: 0.5 }';

async function refusal(editor: Member, mutation: string) {
  const { data, errors } = await editor.ask(mutation);
  expect(errors).toBeUndefined();
  const [payload] = Object.values(data) as [{ errors: { message: string; path: string[] }[] }];
  const [first] = payload.errors;
  return first ? [payload.errors.map(({ path }) => path.join('.')).join(), first.message] : null;
}

it.each([
  ['recalibrate: 0', 'recalibrate', 'give a whole number from 1 to 1,000,000, not 0'],
  ['recalibrate: -5', 'recalibrate', 'give a whole number from 1 to 1,000,000, not -5'],
  ['recalibrate: 2001', 'recalibrate', 'the training split of d has only 2000 images'],
  ['repair: -5', 'repair', 'give a whole number from 0 to 1,000,000, not -5'],
  ['repair: 1', 'repair', 'a repair holds out some of its images: give two or more, or 0'],
  ['repair: 2001', 'repair', 'the training split of d has only 2000 images'],
  ['repair: 500, recalibrate: 500', 'repair', 'recalibration changes those: give only one of them'],
  ['samples: 1001', 'samples', 'the search split of d has only 1000 images'],
  ['samples: 0', 'samples', 'give a whole number from 1 to 1,000,000, not 0'],
  ['grid: "0.5:0.1"', 'grid', '"0.5:0.1" is not a grid'],
  ['recipe: { epochs: -1 }', 'recipe.epochs', 'epochs: give a number above 0'],
  ['recipe: { epochs: 1e9 }', 'recipe.epochs', 'epochs: give a number up to 10,000'],
  ['recipe: { name: "fast" }', 'recipe.name', 'give quick, standard or long, or the fields of a recipe'],
  ['limits: { align: 0 }', 'limits.align', 'give a whole number from 1 to 1,000,000, not 0'],
  ['limits: { maxRatio: 1.5 }', 'limits.maxRatio', 'give a number above 0 and below 1, not 1.5'],
  ['limits: { keep: ["nowhere"] }', 'limits.keep', 'there is no prunable group "nowhere"'],
  [
    'limits: { align: 64 }',
    'limits.align',
    'nothing can be removed from this network; widths in multiples of 64 prevent it',
  ],
  ['limits: { minWidth: 500 }', 'limits.minWidth', 'a minimum width of 500 prevents it'],
  [
    'limits: { align: 64, minWidth: 500 }',
    'limits.align,limits.minWidth',
    'widths in multiples of 64 and a minimum width of 500 prevent it',
  ],
])('an experiment with %s is refused at its making, by the field', async (field, path, says) => {
  const platform = await startPlatform();
  const editor = await platform.member('editor');
  await experiment(platform, editor.teamId);
  const input = `modelId: "model_s", datasetId: "data_s", name: "n", ${field}`;
  expect(
    await refusal(
      editor,
      `mutation { createExperiment(input: { ${input} }) { ok errors { message path } experiment { id } } }`,
    ),
  ).toEqual([path, expect.stringContaining(says)]);
  expect(await platform.prisma.experiment.count()).toBe(1);
});

it('a recipe by its name is kept by its values, with what stands over them', async () => {
  const platform = await startPlatform();
  const editor = await platform.member('editor');
  await experiment(platform, editor.teamId);
  let names = 0;
  const made = async (recipe: string) => {
    const { data } = await editor.ask(
      `mutation { createExperiment(input: { modelId: "model_s", datasetId: "data_s", name: "n${names++}", recipe: ${recipe} }) { experiment { id } } }`,
    );
    const { id } = data.createExperiment.experiment;
    const { recipe: stored, recipeHash: hash } = await platform.prisma.experiment.findUniqueOrThrow({
      where: { id },
    });
    return { stored, hash };
  };
  const quick = parseRecipe('quick');
  expect(await made('{ name: "quick" }')).toEqual({ stored: quick, hash: recipeHash(quick) });
  const longer = { ...quick, epochs: 7 };
  expect(await made('{ name: "quick", epochs: 7 }')).toEqual({ stored: longer, hash: recipeHash(longer) });
  const { data } = await editor.ask(
    '{ methods { recipes { name recipe { epochs distillation { weight } } } } }',
  );
  const [first] = data.methods.recipes;
  expect(first).toEqual({
    name: 'quick',
    recipe: { epochs: quick.epochs, distillation: { weight: quick.distillation?.weight } },
  });
});

it('an experiment without a number of images takes 1,000, or what there is', async () => {
  const platform = await startPlatform();
  const editor = await platform.member('editor');
  await experiment(platform, editor.teamId);
  const made = async (name: string) => {
    const input = `modelId: "model_s", datasetId: "data_s", name: "${name}"`;
    const { data } = await editor.ask(
      `mutation { createExperiment(input: { ${input} }) { errors { message } experiment { samples } } }`,
    );
    return data;
  };
  const of = (samples: number) => ({ createExperiment: { errors: [], experiment: { samples } } });
  expect(await made('a')).toEqual(of(1000));
  await platform.prisma.datasetSplit.updateMany({ where: { name: 'search' }, data: { images: 321 } });
  expect(await made('b')).toEqual(of(321));
});

it('an experiment is repaired by 2,000 images, or what there is, unless it says so or recalibrates', async () => {
  const platform = await startPlatform();
  const editor = await platform.member('editor');
  const { prisma } = platform;
  await experiment(platform, editor.teamId);
  let names = 0;
  const named = () => `name: "${names++}"`;
  const changed = async (mutation: string) => {
    const { data } = await editor.ask(
      `mutation { made: ${mutation} { errors { message path } experiment { id repair } } }`,
    );
    const { errors, experiment: made } = data.made;
    return errors.length > 0 ? errors : made;
  };
  const make = (input: string) =>
    changed(`createExperiment(input: { modelId: "model_s", datasetId: "data_s", ${named()}, ${input} })`);
  const clone = (id: string, edits: string) =>
    changed(`cloneExperiment(input: { id: "${id}", ${named()}, ${edits} })`);
  const usual = await make('');
  expect(usual.repair).toBe(2000);
  expect(await make('repair: 0')).toMatchObject({ repair: 0 });
  expect((await make('recalibrate: 50')).repair).toBe(0);
  expect((await clone(usual.id, '')).repair).toBe(2000);
  expect((await clone(usual.id, 'repair: 300')).repair).toBe(300);
  expect(await clone(usual.id, 'recalibrate: 50')).toEqual([
    { message: expect.stringContaining('give either repair or recalibrate'), path: ['repair'] },
  ]);
  // One of before there was a repair stays as it is, and so does its copy.
  expect(await prisma.experiment.findUniqueOrThrow({ where: { id: 'exp_s' } })).toMatchObject({
    repair: null,
  });
  expect(await clone('exp_s', '')).toMatchObject({ repair: 0 });
  expect((await clone('exp_s', 'repair: null')).repair).toBe(2000);
  await prisma.datasetSplit.updateMany({ where: { name: 'train' }, data: { images: 321 } });
  expect((await make('')).repair).toBe(321);
  await prisma.datasetSplit.updateMany({ where: { name: 'train' }, data: { images: 1 } });
  expect((await make('')).repair).toBe(0);
});

it('runs are refused by strategy, target or seed, all of them or none', async () => {
  const platform = await startPlatform();
  const editor = await platform.member('editor');
  await experiment(platform, editor.teamId);
  const ok = '{ allocation: "uniform" }';
  const cases: readonly (readonly [string, string, string])[] = [
    [
      start(`${ok}, { allocation: "best" }`, HALF),
      'strategies.1.allocation',
      'there is no allocation "best"',
    ],
    [
      start('{ allocation: "manual(nowhere=0.5)" }', HALF),
      'strategies.0.allocation',
      'matches no prunable group of this network',
    ],
    [start('{ criterion: "l3" }', HALF), 'strategies.0.criterion', 'there is no criterion "l3"'],
    [start(ok, `${HALF}, { share: 1.5 }`), 'targets.1.share', 'give a number above 0 and below 1, not 1.5'],
    [start(ok, '{ share: 0.999 }'), 'targets.0', 'target macs=0.999 cannot be reached'],
    [
      start('{ allocation: "uniform", limits: { keep: ["nowhere"] } }', HALF),
      'strategies.0.limits.keep',
      'there is no prunable group "nowhere"',
    ],
    [
      start('{ allocation: "uniform", limits: { align: 64 } }', HALF),
      'strategies.0.limits.align',
      'widths in multiples of 64 prevent it',
    ],
    [
      start('{ allocation: "uniform", rounds: 2 }', HALF),
      'strategies.0.rounds',
      'allocation uniform needs no samples',
    ],
    [start('{ recovery: { steps: 5 } }', HALF), 'strategies.0.recovery', 'recovery trains between rounds'],
    [
      start('{ rounds: 2, recovery: { steps: -1 } }', HALF),
      'strategies.0.recovery.steps',
      'steps: give a number above 0',
    ],
  ];
  // Limits of the experiment: what is to be removed is too much for them.
  const limits = { align: 64, minWidth: 1, maxRatio: 0.9, keep: [] };
  await platform.prisma.experiment.update({ where: { id: 'exp_s' }, data: { limits } });
  expect(await refusal(editor, start(ok, HALF))).toEqual([
    'targets.0',
    expect.stringContaining('widths in multiples of 64 prevent it'),
  ]);
  await platform.prisma.experiment.update({
    where: { id: 'exp_s' },
    data: { limits: { ...limits, align: 1 }, grid: [0.05] },
  });
  expect(await refusal(editor, start('{ allocation: "cie" }', HALF))).toEqual([
    'experimentId',
    expect.stringContaining('sampling at most 0.05 of a group prevents it'),
  ]);
  await platform.prisma.experiment.update({ where: { id: 'exp_s' }, data: { grid: [0.5] } });
  for (const [mutation, path, says] of cases) {
    expect(await refusal(editor, mutation)).toEqual([path, expect.stringContaining(says)]);
  }
  expect(await platform.prisma.run.count()).toBe(0);
});

it('seeds are multiplied where chance plays a part, and the answer says where it does not', async () => {
  const platform = await startPlatform();
  const editor = await platform.member('editor');
  const { prisma } = platform;
  await experiment(platform, editor.teamId);
  // Few for taylor, which looks at 512.
  await prisma.datasetSplit.updateMany({ where: { name: 'train' }, data: { images: 400 } });
  const strategies = [
    ...['{}', '{ allocation: "uniform" }', '{ criterion: "random" }', '{ allocation: "random" }'],
    ...['{ allocation: "uniform", criterion: "taylor" }', '{ allocation: "uniform", criterion: "hrank" }'],
    '{ rounds: 2, recovery: { steps: 5 } }',
  ];
  const mutation = start(strategies.join(), '{ share: 0.3 }, { share: 0.4 }', '3, 5, 3');
  const { data } = await editor.ask(mutation);
  const runs = await prisma.run.findMany({ orderBy: { id: 'asc' }, include: { samplingRun: true } });
  const seeds = (...of: number[]) => [...of, ...of];
  expect(data.startRuns.runs.map(({ seed }: { seed: number }) => seed)).toEqual([
    ...[...seeds(3), ...seeds(3), ...seeds(3, 5), ...seeds(3, 5)],
    ...[...seeds(3), ...seeds(3, 5), ...seeds(3, 5)],
  ]);
  expect(data.startRuns.notes).toEqual(
    ['cie with l1', 'uniform with l1', 'uniform with taylor'].map(
      (name) => `${name} gives the same network with every seed: started once for each target, not 2 times`,
    ),
  );
  // What is drawn is drawn for each seed; all else uses one sampling.
  const sampled = (criterion: string) =>
    new Set(runs.flatMap((run) => (run.criterion === criterion ? (run.samplingRun?.seed ?? []) : [])));
  expect(sampled('random')).toEqual(new Set([3, 5]));
  expect(sampled('l1')).toEqual(new Set([0]));

  const asked = await editor.ask(
    `{ drawnStrategies(input: { datasetId: "data_s", repair: 0, strategies: [${strategies.join()}, { allocation: "manual(" }] }) }`,
  );
  expect(asked.data.drawnStrategies).toEqual([false, false, true, true, false, true, true, true]);
  const repaired = await editor.ask('{ drawnStrategies(input: { datasetId: "data_s", strategies: [{}] }) }');
  expect(repaired.data.drawnStrategies).toEqual([true]);
  const tuned = await editor.ask(
    '{ drawnStrategies(input: { datasetId: "data_s", repair: 0, fineTuned: true, strategies: [{}] }) }',
  );
  expect(tuned.data.drawnStrategies).toEqual([true]);
});

it('what runs do not say is as in their experiment, whatever the defaults have become', async () => {
  const platform = await startPlatform();
  const editor = await platform.member('editor');
  const { prisma } = platform;
  await experiment(platform, editor.teamId);
  // As if the defaults had been others when it was made.
  const limits = { align: 2, minWidth: 3, maxRatio: 0.8, keep: [] };
  await prisma.experiment.update({ where: { id: 'exp_s' }, data: { limits } });
  const { data } = await editor.ask(
    start(
      '{ allocation: "uniform" }, { rounds: 2, recovery: { steps: 5 }, limits: { align: 1 } }, { allocation: "cie-iterative" }',
      '{ share: 0.3 }',
    ),
  );
  const runs = data.startRuns.runs.map(({ id: _, seed: __, ...rest }: { id: string; seed: number }) => rest);
  expect(runs).toEqual([
    { rounds: null, recovery: null, limits },
    { rounds: 2, recovery: expect.objectContaining({ steps: 5 }), limits: { ...limits, align: 1 } },
    { rounds: 3, recovery: null, limits },
  ]);
  const [{ id }] = data.startRuns.runs;
  // Rounds that an allocation makes by itself go with it.
  const iterative = data.startRuns.runs[2].id;
  const other = await editor.ask(
    `mutation { cloneRun(input: { id: "${iterative}", allocation: "uniform" }) { errors { message } run { rounds } } }`,
  );
  expect(other.data.cloneRun).toEqual({ errors: [], run: { rounds: null } });
  const clone = await editor.ask(
    `mutation { cloneRun(input: { id: "${id}", limits: { minWidth: 1 } }) { errors { message } run { limits { align minWidth } } } }`,
  );
  expect(clone.data.cloneRun).toEqual({ errors: [], run: { limits: { align: 2, minWidth: 1 } } });

  // The usual multiples are put down as widths when a run is started, and forgotten with another alignment.
  const again = (of: string, align: string) =>
    editor.ask(
      `mutation { cloneRun(input: { id: "${of}", limits: { align: ${align} } }) { errors { message } run { id limits { align widths { group widths } } } } }`,
    );
  const unknown = (await again(id, '"auto"')).data.cloneRun.run.limits;
  expect(unknown).toEqual({ align: 'auto', widths: null });
  const groups = [
    { id: 'conv1', width: 8 },
    { id: 'conv2', width: 64, reason: 'it is tied to the input' },
  ];
  await prisma.model.updateMany({ data: { summary: { groups } } });
  const { run: usual } = (await again(id, '"auto"')).data.cloneRun;
  const { limits: stored } = await prisma.run.findUniqueOrThrow({ where: { id: usual.id } });
  expect(stored).toMatchObject(usual.limits);
  expect(usual.limits).toEqual({
    align: 'auto',
    widths: [{ group: 'conv1', widths: [8, 4] }],
  });
  const { run: fallen } = (await again(usual.id, '1')).data.cloneRun;
  expect(fallen.limits).toEqual({ align: 1, widths: null });
});

it('samplings are shared by runs with the same key, and known by preprocessing and engine', async () => {
  const platform = await startPlatform();
  const editor = await platform.member('editor');
  const { prisma } = platform;
  await experiment(platform, editor.teamId);
  const cie = start('{}', '{ share: 0.3 }');
  await editor.ask(cie);
  await editor.ask(cie);
  expect(await prisma.samplingRun.count()).toBe(1);
  const [first] = await prisma.samplingRun.findMany();
  expect(first).toMatchObject({ engine: 'onnxruntime', criterion: 'l1', allowInexact: false });
  // The same weights that see their pixels in another way are another thing to sample.
  await prisma.model.update({ where: { id: 'model_s' }, data: { metadata: { classes: ['b', 'a'] } } });
  await editor.ask(cie);
  expect(await prisma.samplingRun.count()).toBe(2);
});
