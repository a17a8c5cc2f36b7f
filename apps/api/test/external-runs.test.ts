import { readFile } from 'node:fs/promises';
import { packFlags } from '@espalier/engines';
import { encodeOnnx, readNetwork } from '@espalier/formats';
import { channelMap, cutNetwork, foldBatchNorm, networkCost, networkHash } from '@espalier/network';
import { expect, it } from 'vitest';
import { producer, refusal, send, uploaded } from './external.ts';
import { type Member, type Platform, RESNET20, startPlatform } from './platform.ts';

const IMAGES = 200;
const RUN = `run { id name state origin source { tool version } allocation seed
  experiment { name origin training base { top1 evaluator } } epochs { epoch loss top1 learningRate }
  result { evidence evaluator top1 prunedTop1 drop macs params networkHash groups { group before after } } }`;

const { network } = await readNetwork(RESNET20);
const map = channelMap(network);
/** Half of the units of two groups. */
const structure = map.groups.slice(0, 2).map(({ id, width }) => {
  return { group: id, kept: Array.from({ length: width / 2 }, (_, i) => 2 * i) };
});
const { network: cut } = cutNetwork(network, map, structure);

const hits = (right: number) =>
  Buffer.from(packFlags(Array.from({ length: IMAGES }, (_, i) => (i < right ? 1 : 0)))).toString('base64');
const evaluation = (right: number, preprocessing = 'resize 32') => ({
  evaluator: { tool: 'pytorch', preprocessing },
  ...{ top1: right / IMAGES, loss: 0.5, images: IMAGES, hits: hits(right) },
});

/** A project with ResNet-20, a data set without pixels, and a script that may append to it. */
async function place(platform: Platform, member?: Member) {
  const editor = member ?? (await platform.member('editor'));
  const { project } = await send(editor, 'createProject', { name: 'p' }, 'project { id }');
  const script = await producer(platform, editor, project.id);
  const uploadId = await uploaded(script, 'resnet20.onnx', await readFile(RESNET20));
  const named = { projectId: project.id, name: 'ResNet-20', uploadId };
  const { model } = await send(script, 'registerModel', named, 'model { id }');
  const splits = [{ name: 'TEST', images: IMAGES, sha256: 'a'.repeat(64) }];
  const manifest = { key: 'data', name: 'images', classes: ['a', 'b'], splits };
  const { dataset } = await send(script, 'registerDatasetManifest', manifest, 'dataset { id }');
  const subject = { modelId: model.id, datasetId: dataset.id };
  const input = {
    ...{ key: 'run', ...subject, experiment: 'elsewhere', allocation: 'depgraph', criterion: 'l2' },
    ...{ share: 0.3, training: 'sgd, 3 epochs', structure, source: { tool: 'pytorch', version: '2.4' } },
  };
  return { editor, script, project, subject, input };
}

const epoch = (at: number, loss: number) => {
  return { epoch: at, loss, top1: 0.8, learningRate: 0.1, imagesPerSecond: 900, seconds: 20 };
};

it('an imported run is told step by step, counted here, and the same however often it is sent', async () => {
  const platform = await startPlatform();
  const { editor, script, subject, input } = await place(platform);
  const record = (changed = {}) => send(script, 'recordRun', { ...input, ...changed }, RUN);
  const [made, again] = await Promise.all([record(), record()]);
  expect(again).toEqual(made);
  expect(made).toMatchObject({
    ok: true,
    run: {
      ...{
        state: 'RECORDING',
        origin: 'EXTERNAL',
        source: { tool: 'pytorch', version: '2.4' },
        result: null,
      },
      experiment: { name: 'elsewhere', origin: 'EXTERNAL', training: 'sgd, 3 epochs' },
    },
  });
  expect(made.run.name).toContain('imported (pytorch)');
  expect(await record({ share: 0.4 })).toMatchObject(refusal('CONFLICT', 'key', /share was 0\.3, is 0\.4/));
  const runId = made.run.id;

  const epochs = (key: string, told: object[]) => send(script, 'recordEpochs', { key, runId, epochs: told });
  expect(await epochs('e1', [epoch(2, 0.7), epoch(1, 0.9)])).toMatchObject({ ok: true });
  expect(await epochs('e1', [epoch(1, 0.9), epoch(2, 0.7)])).toMatchObject({ ok: true });
  expect(await epochs('e1', [epoch(1, 0.8), epoch(2, 0.7)])).toMatchObject(
    refusal('CONFLICT', 'key', /losses\.1 was 0\.9, is 0\.8/),
  );
  expect(await epochs('e2', [epoch(2, 0.6), epoch(3, 0.5)])).toMatchObject({ ok: true });

  const base = { key: 'base', ...subject, evaluation: evaluation(190) };
  expect(await send(script, 'recordEvaluation', base)).toMatchObject({ ok: true });
  expect(await send(script, 'recordEvaluation', base)).toMatchObject({ ok: true });
  expect(
    await send(script, 'recordEvaluation', { ...base, key: 'other', evaluation: evaluation(180) }),
  ).toMatchObject(refusal('CONFLICT', 'evaluation.top1', /was 0\.95, and is now 0\.9/));

  const finish = async (key: string, right: number, bytes = encodeOnnx(cut)) => {
    const uploadId = await uploaded(script, 'pruned.onnx', bytes);
    const told = { key, runId, uploadId, evaluation: evaluation(right), prunedTop1: 0.4 };
    return send(script, 'finishRun', told, RUN);
  };
  expect(await finish('wrong', 180, await readFile(RESNET20))).toMatchObject(
    refusal(
      'INVALID',
      'uploadId',
      /not cut by the reported structure.* has a layer 16 x 3 x 3 x 3 at 1024 positions/,
    ),
  );
  const done = await finish('end', 180);
  const { macs, params } = networkCost(cut);
  expect(done).toMatchObject({
    ok: true,
    run: {
      state: 'FINISHED',
      result: { evidence: 'STRUCTURE_VERIFIED', top1: 0.9, prunedTop1: 0.4, macs, params },
      experiment: { base: { top1: 0.95, evaluator: expect.stringMatching(/^pytorch [0-9a-f]{12}$/) } },
    },
  });
  expect(done.run.result.networkHash).toBe(networkHash(cut));
  expect(done.run.result.drop).toBeCloseTo(0.05, 12);
  expect(done.run.result.groups.slice(0, 2)).toEqual(
    map.groups.slice(0, 2).map(({ id, width }) => ({ group: id, before: width, after: width / 2 })),
  );
  expect(done.run.epochs.map(({ epoch: at, loss }: { epoch: number; loss: number }) => [at, loss])).toEqual([
    [1, 0.9],
    [2, 0.6],
    [3, 0.5],
  ]);
  expect(await finish('end', 180)).toEqual(done);
  expect(await finish('end', 181)).toMatchObject(refusal('CONFLICT', 'key', /top1 was 0\.9, is 0\.905/));
  expect(await finish('new', 180)).toMatchObject(refusal('CONFLICT', 'runId', /it is finished/));
  expect(await epochs('late', [epoch(4, 0.4)])).toMatchObject(refusal('CONFLICT', 'runId', /it is finished/));
  // What was heard already changes nothing.
  expect(await epochs('e1', [epoch(1, 0.9), epoch(2, 0.7)])).toMatchObject({ ok: true });

  const list = `query ($filter: RunFilter) { runs(filter: $filter) { nodes { id } } }`;
  const found = async (filter: object) => (await editor.ask(list, { filter })).data.runs.nodes;
  expect(await found({ origin: { in: ['EXTERNAL'] } })).toEqual([{ id: runId }]);
  expect(await found({ origin: { in: ['ESPALIER'] } })).toEqual([]);
  expect(await found({ evidence: { in: ['STRUCTURE_VERIFIED'] }, tool: { in: ['pytorch'] } })).toHaveLength(
    1,
  );
  const columns = '{ comparison { columns { origin tool evidence evaluator decoding } } }';
  expect((await editor.ask(columns)).data.comparison.columns).toMatchObject({
    ...{ origin: ['EXTERNAL'], tool: ['pytorch'], evidence: ['STRUCTURE_VERIFIED'], decoding: [null] },
    evaluator: [done.run.result.evaluator],
  });
  const csv = await (await editor.fetch('/files/export/runs.csv')).text();
  expect(csv).toMatch(
    /^.*,origin,tool,evidence,evaluator,.*\n.*,EXTERNAL,pytorch,STRUCTURE_VERIFIED,pytorch /,
  );
});

it('takes a network whose exporter folded BatchNorm', async () => {
  const { script, input } = await place(await startPlatform());
  const { run } = await send(script, 'recordRun', input, RUN);
  const uploadId = await uploaded(script, 'folded.onnx', encodeOnnx(foldBatchNorm(cut)));
  const told = { key: 'end', runId: run.id, uploadId, evaluation: evaluation(100) };
  expect(await send(script, 'finishRun', told, RUN)).toMatchObject({
    ok: true,
    run: { result: { macs: networkCost(cut).macs, drop: null } },
  });
});

it('goes whole; nobody starts anything in its place, and another team sees nothing', async () => {
  const platform = await startPlatform();
  const { editor, script, input } = await place(platform);
  const { run } = await send(script, 'recordRun', input, `run { id experiment { id } }`);
  const uploadId = await uploaded(script, 'pruned.onnx', encodeOnnx(cut));
  const told = { key: 'end', runId: run.id, uploadId, evaluation: evaluation(100) };
  expect(await send(script, 'finishRun', told)).toMatchObject({ ok: true });

  const stranger = await platform.member('admin');
  expect(await send(stranger, 'finishRun', { ...told, key: 'x' })).toMatchObject(
    refusal('NOT_FOUND', 'runId', /no such run/),
  );
  const start = { experimentId: run.experiment.id, strategies: [{}], targets: [{ share: 0.5 }] };
  expect(await send(editor, 'startRuns', start)).toMatchObject(
    refusal('INVALID', 'experimentId', /imported results/),
  );
  expect(await send(editor, 'cloneRun', { id: run.id })).toMatchObject(
    refusal('INVALID', 'id', /an imported run/),
  );
  expect(await send(editor, 'cloneExperiment', { id: run.experiment.id, name: 'again' })).toMatchObject(
    refusal('INVALID', 'id', /imported results/),
  );
  const refused = await script.ask(`mutation { removeRun(input: { runId: "${run.id}" }) { ok } }`);
  expect(refused.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  const viewer = await platform.member('viewer', editor.teamId);
  const may = await viewer.ask(
    `mutation { recordEpochs(input: { key: "v", runId: "${run.id}", epochs: [] }) { ok } }`,
  );
  expect(may.errors?.[0]?.extensions.code).toBe('FORBIDDEN');

  const bytes = await platform.prisma.artifact.count();
  expect(await send(editor, 'removeRun', { runId: run.id })).toMatchObject({ ok: true });
  expect(await platform.prisma.run.count()).toBe(0);
  expect(await platform.prisma.experiment.count()).toBe(0);
  expect(await platform.prisma.artifact.count()).toBe(bytes - 1);
  expect(await send(script, 'recordRun', { ...input, share: 0.4 })).toMatchObject({ ok: true });
});

it('refuses what cannot be, by its field', async () => {
  const { script, input, subject } = await place(await startPlatform());
  const [group] = structure;
  const wrong: [string, object, RegExp][] = [
    ['allocation', { allocation: ' ' }, /name the allocation/],
    ['share', { share: 1 }, /between 0 and 1/],
    ['experiment', { experiment: '' }, /give it a name/],
    ['structure.0.group', { structure: [{ group: 'none', kept: [0] }] }, /no prunable group "none"/],
    ['structure.1.group', { structure: [group, { ...group, kept: [0] }] }, /there twice/],
    ['structure.0.kept', { structure: [{ ...group, kept: [] }] }, /some of the units 0 to 15/],
    ['structure.0.kept', { structure: [{ ...group, kept: [16] }] }, /some of the units 0 to 15/],
    ['source.link', { source: { tool: 't', link: 'ftp://x' } }, /https/],
  ];
  for (const [where, changed, message] of wrong) {
    const answer = await send(script, 'recordRun', { ...input, ...changed });
    expect(answer, where).toMatchObject(refusal('INVALID', where, message));
  }
  const { run } = await send(script, 'recordRun', input, RUN);
  expect(await send(script, 'recordRun', { ...input, key: 'b', training: null })).toMatchObject(
    refusal('CONFLICT', 'experiment', /runs of another training/),
  );
  const good = evaluation(100);
  const scores: [string, object, RegExp][] = [
    ['evaluation.images', { images: 100, hits: null }, /the test split has 200 images, not 100/],
    ['evaluation.top1', { top1: 93.1 }, /0 to 1, not 93\.1/],
    ['evaluation.top5', { top5: 0.2 }, /at least top-1/],
    ['evaluation.hits', { hits: hits(101) }, /101 of 200 images are right by them/],
    ['evaluation.hits', { hits: 'AAAA' }, /25 bytes/],
    ['evaluation.evaluator.tool', { evaluator: { tool: '', preprocessing: 'x' } }, /name the tool/],
  ];
  for (const [where, changed, message] of scores) {
    const given = { key: 'k', ...subject, evaluation: { ...good, ...changed } };
    expect(await send(script, 'recordEvaluation', given), where).toMatchObject(
      refusal('INVALID', where, message),
    );
  }
  const epochs: [string, object[], RegExp][] = [
    ['epochs', [], /1 to 1000/],
    ['epochs.0.epoch', [epoch(0, 1)], /the first one is 1/],
    ['epochs.1.epoch', [epoch(1, 1), epoch(1, 2)], /there twice/],
    ['epochs.0.top1', [{ ...epoch(1, 1), top1: 80 }], /0 to 1/],
  ];
  for (const [where, told, message] of epochs) {
    const given = { key: 'k', runId: run.id, epochs: told };
    expect(await send(script, 'recordEpochs', given), where).toMatchObject(
      refusal('INVALID', where, message),
    );
  }
});
