import { mkdtemp, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { manifestOf, openDataset, packDataset } from '@espalier/datasets';
import { encodeOnnx } from '@espalier/formats';
import { channelMap, cutNetwork } from '@espalier/network';
import { expect, it, onTestFinished } from 'vitest';
import { tinyMetadata, tinyResNet } from '../../../packages/engines/test/tiny-networks.ts';
import { pictureFolder } from '../../../packages/runs/test/pictures.ts';
import { commandHere } from './command.ts';
import { producer, refusal, send, uploaded } from './external.ts';
import { type Platform, startPlatform } from './platform.ts';

/** Processes are started, and a worker computes. */
const PATIENCE_MS = 180_000;
const AGAIN = `run { id recomputation { state images engine dataset { name } } }`;
const network = { ...tinyResNet(), metadata: tinyMetadata() };
const map = channelMap(network);
const structure = map.groups.slice(0, 1).map(({ id, width }) => {
  return { group: id, kept: Array.from({ length: width / 2 }, (_, i) => i) };
});
const { network: cut } = cutNetwork(network, map, structure);

/** A packed data set of noise, and what a script tells of it that has no pixels to give. */
async function pictures() {
  const folder = await mkdtemp('/var/tmp/espalier-recompute-');
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const dataset = await openDataset(await pictureFolder(path.join(folder, 'pictures'), 10, 30), {
    home: path.join(folder, 'home'),
  });
  onTestFinished(() => dataset.close());
  const file = path.join(folder, 'noise.espalier-data');
  await packDataset(dataset, file, {});
  const splits = (await manifestOf(dataset)).map(({ name, ...split }) => {
    return { ...split, name: name.toUpperCase() };
  });
  const images = dataset.splits.test.n;
  return {
    folder,
    images,
    bytes: await readFile(file),
    told: { name: 'Noise', classes: [...dataset.classes], splits },
  };
}

/** A finished run of the cut network, whose images are known by their hashes alone. */
async function finished(platform: Platform, { told, images }: Awaited<ReturnType<typeof pictures>>) {
  const editor = await platform.member('editor');
  const { project } = await send(editor, 'createProject', { name: 'p' }, 'project { id }');
  const script = await producer(platform, editor, project.id);
  const uploadId = await uploaded(script, 'tiny.onnx', encodeOnnx(network));
  const named = { projectId: project.id, name: 'tiny', uploadId };
  const { model } = await send(script, 'registerModel', named, 'model { id }');
  const manifest = { key: 'data', ...told };
  const { dataset } = await send(script, 'registerDatasetManifest', manifest, 'dataset { id }');
  const input = {
    ...{
      key: 'run',
      modelId: model.id,
      datasetId: dataset.id,
      experiment: 'elsewhere',
      allocation: 'depgraph',
    },
    ...{ criterion: 'l2', share: 0.3, structure, source: { tool: 'pytorch' } },
  };
  const { run } = await send(script, 'recordRun', input, 'run { id }');
  const evaluation = {
    evaluator: { tool: 'pytorch', preprocessing: 'as it is' },
    ...{ top1: 0.9, loss: 0.5, images },
  };
  const sent = await uploaded(script, 'pruned.onnx', encodeOnnx(cut));
  const end = { key: 'end', runId: run.id, uploadId: sent, evaluation };
  const finish = () => send(script, 'finishRun', end);
  return { editor, script, runId: run.id as string, datasetId: dataset.id as string, finish };
}

it('an imported network is evaluated again here, and everything knows of it', {
  timeout: PATIENCE_MS,
}, async () => {
  const data = await pictures();
  const platform = await startPlatform({ worker: true });
  const { editor, runId, finish } = await finished(platform, data);
  const recompute = (input = {}) => send(editor, 'recomputeRun', { runId, ...input }, AGAIN);
  expect(await recompute()).toMatchObject(refusal('CONFLICT', 'runId', /it has no network yet/));
  expect(await finish()).toMatchObject({ ok: true });
  expect(await recompute()).toMatchObject(
    refusal('CONFLICT', 'runId', /no pixels of "Noise": register a data set with the same images and labels/),
  );
  const uploadId = await uploaded(editor, 'noise.espalier-data', data.bytes);
  await send(editor, 'registerDataset', { name: 'Pixels', uploadId });
  for (const images of [0, data.images + 1]) {
    const there = new RegExp(`the test split has ${data.images} images: give 1 to as many, not ${images}`);
    expect(await recompute({ images })).toMatchObject(refusal('INVALID', 'images', there));
  }
  expect(await recompute()).toMatchObject({
    ok: true,
    run: { recomputation: { images: data.images, engine: 'ONNXRUNTIME', dataset: { name: 'Pixels' } } },
  });

  const asked = `query ($id: ID!) { run(id: $id) {
    recomputation { state error }
    result { evidence top1 recomputed { images value told difference standardError agrees top1 } }
  } }`;
  const now = async () => (await editor.ask(asked, { id: runId })).data.run;
  while ((await now()).recomputation.state !== 'DONE') await setTimeout(50);
  const { result } = await now();
  const { recomputed } = result;
  // A network of random weights is right by chance: that is not what was told, which stands.
  expect(result).toMatchObject({ evidence: 'RECOMPUTED', top1: 0.9 });
  expect(recomputed).toMatchObject({ images: data.images, told: 0.9, standardError: 0, agrees: false });
  expect(recomputed.value).toBe(recomputed.top1);
  expect(recomputed.value).toBeLessThan(0.5);
  expect(recomputed.difference).toBeCloseTo(recomputed.value - 0.9, 12);

  const filter = { evidence: { in: ['RECOMPUTED'] } };
  const list = 'query ($filter: RunFilter) { runs(filter: $filter) { nodes { id } } }';
  expect((await editor.ask(list, { filter })).data.runs.nodes).toEqual([{ id: runId }]);
  const compared = `{ comparison {
    columns { recomputedValue recomputedImages recomputedDifference recomputedError }
    comparability { verdict reasons { rule text } }
  } }`;
  const { comparison } = (await editor.ask(compared)).data;
  expect(comparison.columns).toEqual({
    ...{ recomputedValue: [recomputed.value], recomputedImages: [data.images] },
    ...{ recomputedDifference: [recomputed.difference], recomputedError: [0] },
  });
  expect(comparison.comparability.verdict).toBe('NOT_COMPARABLE');
  expect(comparison.comparability.reasons).toContainEqual({
    rule: 'RECOMPUTED',
    text: expect.stringMatching(
      /a worker evaluated the network again and found a different value than the reported one/,
    ),
  });
  const csv = await (await editor.fetch('/files/export/runs.csv')).text();
  expect(csv).toContain(',RECOMPUTED,');
  expect(csv).toContain(`,${recomputed.value},${data.images},`);

  const espalier = commandHere(data.folder, { ESPALIER_ADDRESS: platform.address, ESPALIER_KEY: editor.key });
  const { stdout, code } = await espalier('runs', 'recompute', runId, '--images', '20');
  expect(stdout).toMatch(
    /^top-1 [\d.]+ % of 20 test images; reported was 90.+ %: −.* pt ± .* %, which is more than chance and different programs explain/,
  );
  expect(code).toBe(0);
});

it('members alone have it done, once at a time, and for so many images in a day', {
  timeout: PATIENCE_MS,
}, async () => {
  const data = await pictures();
  const platform = await startPlatform({
    quotas: { bytes: null, uploads: null, recomputed: data.images + 10 },
  });
  const { editor, script, runId, finish } = await finished(platform, data);
  await finish();
  const uploadId = await uploaded(editor, 'noise.espalier-data', data.bytes);
  await send(editor, 'registerDataset', { name: 'Pixels', uploadId });
  const ask = `mutation { recomputeRun(input: { runId: "${runId}" }) { ok } }`;
  const viewer = await platform.member('viewer', editor.teamId);
  for (const who of [script, viewer]) {
    expect((await who.ask(ask)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  }
  const stranger = await platform.member('admin');
  expect(await send(stranger, 'recomputeRun', { runId })).toMatchObject(
    refusal('NOT_FOUND', 'runId', /no such run/),
  );
  expect(await send(editor, 'recomputeRun', { runId })).toMatchObject({ ok: true });
  expect(await send(editor, 'recomputeRun', { runId })).toMatchObject(
    refusal('CONFLICT', 'runId', /being evaluated again already/),
  );
  const cancel = (who = editor) => send(who, 'cancelRecomputation', { runId }, AGAIN);
  expect(await cancel(stranger)).toMatchObject(refusal('NOT_FOUND', 'runId', /no such run/));
  expect(await cancel()).toMatchObject({ ok: true, run: { recomputation: { state: 'CANCELLED' } } });
  expect(await cancel()).toMatchObject(refusal('CONFLICT', 'runId', /not being evaluated again/));
  // Nothing was evaluated, so nothing is counted.
  expect(await send(editor, 'recomputeRun', { runId })).toMatchObject({ ok: true });
  const open = { where: { runId, state: 'waiting' as const } };
  await platform.prisma.recomputation.updateMany({ ...open, data: { state: 'failed' } });
  const left = /\(ESPALIER_TEAM_RECOMPUTE_IMAGES\), and 10 are left: give at most 10, or wait/;
  expect(await send(editor, 'recomputeRun', { runId })).toMatchObject(
    refusal('LIMIT_REACHED', 'images', left),
  );
  expect(await send(editor, 'recomputeRun', { runId, images: 10 })).toMatchObject({ ok: true });
  await platform.prisma.recomputation.updateMany({
    where: { runId },
    data: { state: 'failed', createdAt: new Date(Date.now() - 25 * 3600_000) },
  });
  expect(await send(editor, 'recomputeRun', { runId })).toMatchObject({ ok: true });
});
