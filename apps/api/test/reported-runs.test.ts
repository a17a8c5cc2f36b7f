import { readFile } from 'node:fs/promises';
import { encodeOnnx, readNetwork } from '@espalier/formats';
import { buildArchitecture, channelMap, cutNetwork, networkCost } from '@espalier/network';
import { expect, it } from 'vitest';
import { producer, refusal, send, uploaded } from './external.ts';
import { type Platform, RESNET20, startPlatform } from './platform.ts';

const IMAGES = 200;
const { network } = await readNetwork(RESNET20);
const map = channelMap(network);
const base = networkCost(network);
/** Half of the units of some groups, and a quarter of another one. */
const structure = map.groups.slice(0, 4).map(({ id, width }, g) => {
  const left = g === 1 ? width / 4 : width / 2;
  return { group: id, kept: Array.from({ length: left }, (_, i) => 2 * i) };
});
const { network: cut } = cutNetwork(network, map, structure);

const evaluation = (top1: number) => ({
  evaluator: { tool: 'pytorch', preprocessing: 'resize 32' },
  ...{ top1, images: IMAGES },
});

async function place(platform: Platform) {
  const editor = await platform.member('editor');
  const { project } = await send(editor, 'createProject', { name: 'p' }, 'project { id }');
  const script = await producer(platform, editor, project.id);
  const uploadId = await uploaded(script, 'resnet20.onnx', await readFile(RESNET20));
  const named = { projectId: project.id, name: 'ResNet-20', uploadId };
  const { model } = await send(script, 'registerModel', named, 'model { id }');
  const splits = [{ name: 'TEST', images: IMAGES, sha256: 'a'.repeat(64) }];
  const manifest = { key: 'data', name: 'images', classes: ['a', 'b'], splits };
  const { dataset } = await send(script, 'registerDatasetManifest', manifest, 'dataset { id }');
  const subject = { modelId: model.id, datasetId: dataset.id };
  const record = (key: string, changed = {}) => {
    const input = {
      ...{ key, ...subject, experiment: 'elsewhere', allocation: 'depgraph', criterion: 'l2', share: 0.3 },
      source: { tool: 'pytorch', name: key, finishedAt: '2026-11-01T12:00:00+02:00' },
      ...changed,
    };
    return send(script, 'recordRun', input, 'isNew run { id state source { name finishedAt import } }');
  };
  const finish = (key: string, runId: string, told: object) =>
    send(script, 'finishRun', { key, runId, evaluation: evaluation(0.9), ...told }, RUN);
  return { editor, script, subject, record, finish };
}

const RUN = `run { id state result {
  evidence sha256 networkHash bytes downloadUrl params macs savedMacs top1 loss drop ratio { macs bytes } base { top1 loss }
  groups { group before after kept } usage { python } } }`;

it('numbers alone are told as reported, and nothing is claimed of a network that was not sent', async () => {
  const platform = await startPlatform();
  const { editor, script, subject, record, finish } = await place(platform);
  const told = { key: 'base', ...subject, evaluation: evaluation(0.95) };
  expect(await send(script, 'recordEvaluation', told)).toMatchObject({ ok: true });
  const { run } = await record('a');
  expect(run.source).toEqual({ name: 'a', finishedAt: '2026-11-01T10:00:00.000Z', import: null });

  const wrong: [string, object, RegExp][] = [
    ['macs', { params: 1000 }, /give it if no network is sent/],
    ['params', { macs: 1000 }, /give it if no network is sent/],
    ['macs', { params: 1000, macs: base.macs + 1 }, /the unpruned network has 40,813,184.*two FLOPs/],
    ['params', { params: 0, macs: 1000 }, /the unpruned network has/],
  ];
  for (const [where, given, message] of wrong) {
    expect(await finish('end', run.id, given), where).toMatchObject(refusal('INVALID', where, message));
  }
  const cost = { params: 136_237, macs: base.macs / 2 };
  const done = await finish('end', run.id, cost);
  expect(done.run).toMatchObject({
    state: 'FINISHED',
    result: {
      ...{
        evidence: 'REPORTED',
        sha256: null,
        networkHash: null,
        bytes: null,
        downloadUrl: null,
        usage: null,
      },
      ...{ ...cost, savedMacs: 0.5, top1: 0.9, loss: null, ratio: { macs: 2, bytes: null }, groups: [] },
      base: { top1: 0.95, loss: null },
    },
  });
  expect(done.run.result.drop).toBeCloseTo(0.05, 12);
  expect(await finish('end', run.id, cost)).toEqual(done);
  expect(await finish('end', run.id, { ...cost, macs: 1000 })).toMatchObject(
    refusal('CONFLICT', 'key', /macs was 20406592, is 1000/),
  );

  // Each list that meets it goes on.
  const list = `{ runs(filter: { evidence: { in: [REPORTED] } }) { nodes { id result { sha256 bytes } } }
    structures(runIds: ["${run.id}"]) { groups }
    comparison { columns { evidence networkHash macs } } compression { rows { best { run { id } } } } }`;
  const { data, errors } = await editor.ask(list);
  expect(errors).toBeUndefined();
  expect(data.runs.nodes).toEqual([{ id: run.id, result: { sha256: null, bytes: null } }]);
  expect(data.structures).toEqual([]);
  expect(data.comparison.columns).toEqual({
    ...{ evidence: ['REPORTED'], networkHash: [null], macs: [cost.macs] },
  });
  expect((await (await editor.fetch('/files/export/runs.csv')).text()).split('\n')[1]).toContain('REPORTED');
  const report = await editor.fetch(`/files/report/runs/${run.id}.html`);
  expect([report.status, (await report.text()).includes('ONNX file')]).toEqual([200, false]);
  expect(await send(editor, 'recomputeRun', { runId: run.id })).toMatchObject(
    refusal('CONFLICT', 'runId', /only its numbers were reported/),
  );

  // What says how much each group keeps says it of numbers, too.
  const { run: other } = await record('b', { structure: structure.slice(0, 1), share: 0.2 });
  const { run: shaped } = await finish('end b', other.id, cost);
  expect(shaped.result.groups[0]).toMatchObject({ before: 16, after: 8, kept: structure[0]?.kept });

  const pairs = `{ analysis(filter: { id: { in: ["${run.id}", "${other.id}"] } }) {
    pairs(runIds: ["${run.id}", "${other.id}"]) { similarity { widths } } } }`;
  expect((await editor.ask(pairs)).data.analysis.pairs).toEqual([{ similarity: null }]);

  // It goes, and frees nobody's file.
  const artifacts = await platform.prisma.artifact.count();
  expect(await send(editor, 'removeRun', { runId: run.id })).toMatchObject({ ok: true });
  expect(await platform.prisma.artifact.count()).toBe(artifacts);
});

it('a network tells its widths where no structure was told, and has to be a cut of the model', async () => {
  const { script, record, finish } = await place(await startPlatform());
  const { run } = await record('a');
  const sent = (bytes: Uint8Array) => uploaded(script, 'pruned.onnx', bytes);
  const foreign = buildArchitecture('resnet56', {
    ...{ classes: 10, input: { channels: 3, height: 32, width: 32 } },
    random: () => 0.5,
  });
  const upload = await sent(encodeOnnx(cut));
  expect(await finish('end', run.id, { uploadId: upload, macs: 1 })).toMatchObject(
    refusal('INVALID', 'macs', /counted from the network: leave it out/),
  );
  const { run: done } = await finish('end', run.id, { uploadId: upload });
  expect(done.result).toMatchObject({ evidence: 'STRUCTURE_VERIFIED', ...networkCost(cut) });
  const told = new Map(structure.map(({ group, kept }) => [group, kept.length]));
  for (const { group, before, after, kept } of done.result.groups) {
    const left = told.get(group) ?? before;
    expect({ after, kept: kept.length }, group).toEqual({ after: left, kept: left < before ? 0 : before });
  }
  const second = (await record('b', { share: 0.4 })).run;
  const other = await finish('end b', second.id, { uploadId: await sent(encodeOnnx(foreign)) });
  expect(other).toMatchObject(refusal('INVALID', 'uploadId', /no cut of the model/));
});

it('a dry run says what would be made, what is there and what is refused, and changes nothing', async () => {
  const platform = await startPlatform();
  const { script, subject, record, finish } = await place(platform);
  const counts = () =>
    Promise.all([
      platform.prisma.run.count(),
      platform.prisma.experiment.count(),
      platform.prisma.clientKey.count(),
      platform.prisma.auditEntry.count(),
      platform.prisma.baseEvaluation.count(),
    ]);
  const before = await counts();
  expect(await record('a', { dryRun: true })).toMatchObject({ ok: true, isNew: true, run: null });
  const told = { key: 'base', ...subject, evaluation: evaluation(0.95), dryRun: true };
  expect(await send(script, 'recordEvaluation', told)).toMatchObject({ ok: true });
  expect(await counts()).toEqual(before);

  const { run, isNew } = await record('a');
  expect(isNew).toBe(true);
  expect(await record('a', { dryRun: true })).toMatchObject({ ok: true, isNew: false, run: { id: run.id } });
  expect(await record('a', { dryRun: true, seed: 3 })).toMatchObject(
    refusal('CONFLICT', 'key', /seed was 0, is 3/),
  );
  expect(await record('b', { dryRun: true, training: 'sgd' })).toMatchObject(
    refusal('CONFLICT', 'experiment', /another training/),
  );
  const cost = { params: 1000, macs: 2000 };
  expect(await finish('end', run.id, { ...cost, dryRun: true })).toMatchObject({
    ok: true,
    run: { state: 'RECORDING', result: null },
  });
  await finish('end', run.id, cost);
  expect(await finish('end', run.id, { ...cost, macs: 2001, dryRun: true })).toMatchObject(
    refusal('CONFLICT', 'key', /macs was 2000, is 2001/),
  );
});

it('epochs of a tracker say what it has kept', async () => {
  const { script, editor, record } = await place(await startPlatform());
  const { run } = await record('a');
  const epochs = [
    { epoch: 1, loss: 0.9 },
    { epoch: 2, loss: 0.7, learningRate: 0.01, seconds: 3 },
  ];
  const write = { key: 'e', runId: run.id, epochs };
  expect(await send(script, 'recordEpochs', write)).toMatchObject({ ok: true });
  expect(await send(script, 'recordEpochs', write)).toMatchObject({ ok: true });
  const asked = `{ run(id: "${run.id}") { epochs { epoch loss learningRate imagesPerSecond seconds }
    events { ... on EpochEvent { epoch learningRate imagesPerSecond seconds } } } }`;
  const { run: found } = (await editor.ask(asked)).data;
  const nothing = { learningRate: null, imagesPerSecond: null, seconds: null };
  expect(found.epochs).toEqual([
    { epoch: 1, loss: 0.9, ...nothing },
    { epoch: 2, loss: 0.7, learningRate: 0.01, imagesPerSecond: null, seconds: 3 },
  ]);
  expect(found.events.slice(1)).toEqual(found.epochs.map(({ loss: _, ...epoch }: { loss: number }) => epoch));
  expect(
    await send(script, 'recordEpochs', { ...write, key: 'f', epochs: [{ epoch: 3, loss: 1, seconds: -1 }] }),
  ).toMatchObject(refusal('INVALID', 'epochs.0.seconds', /not below 0/));
});

it('an import goes whole, with what it told of the unpruned network, and nothing else does', async () => {
  const platform = await startPlatform();
  const { editor, script, subject, record, finish } = await place(platform);
  const base = (key: string, top1: number, importId: string | null, preprocessing = 'resize 32') => {
    const evaluator = { tool: 'pytorch', preprocessing };
    const told = { key, ...subject, evaluation: { ...evaluation(top1), evaluator }, import: importId };
    return send(script, 'recordEvaluation', told);
  };
  await base('theirs', 0.94, null, 'crop 32');
  await base('base', 0.95, 'first');
  await base('shared', 0.94, 'first', 'crop 32');
  const own = await record('own', { share: 0.1 });
  const made = await Promise.all([1, 2, 3].map((seed) => record(`run ${seed}`, { seed, import: 'first' })));
  for (const [i, { run }] of made.entries()) {
    expect(run.source.import).toBe('first');
    if (i > 0) await finish(`end ${i}`, run.id, { params: 1000, macs: 2000 });
  }
  // The second to bring it does not take it over.
  await record('run 1', { seed: 1, import: 'second' });
  const filter = { import: { in: ['first'] } };
  const listed = await editor.ask('query ($filter: RunFilter) { runs(filter: $filter) { totalCount } }', {
    filter,
  });
  expect(listed.data.runs.totalCount).toBe(3);

  const gone = 'removedImport { import runs evaluations }';
  expect(await send(editor, 'removeImport', { import: 'second' })).toMatchObject(
    refusal('NOT_FOUND', 'import', /no such import/),
  );
  expect(await send(await platform.member('editor'), 'removeImport', { import: 'first' })).toMatchObject(
    refusal('NOT_FOUND', 'import', /no such import/),
  );
  expect(await send(editor, 'removeImport', { import: 'first' }, gone)).toMatchObject({
    ok: true,
    removedImport: { import: 'first', runs: 3, evaluations: 1 },
  });
  expect((await platform.prisma.run.findMany()).map(({ id }) => id)).toEqual([own.run.id]);
  const bases = await platform.prisma.baseEvaluation.findMany();
  expect(bases.map(({ top1 }) => top1)).toEqual([0.94]);
  // Put right, it comes again under the same keys.
  expect(await base('base', 0.93, 'first')).toMatchObject({ ok: true });
  expect(await record('run 1', { seed: 7, import: 'first' })).toMatchObject({ ok: true, isNew: true });
});
