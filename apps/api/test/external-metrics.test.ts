import { readFile } from 'node:fs/promises';
import { encodeOnnx, readNetwork } from '@espalier/formats';
import { channelMap, cutNetwork } from '@espalier/network';
import { expect, it } from 'vitest';
import { producer, refusal, send, uploaded } from './external.ts';
import { type Platform, RESNET20, startPlatform } from './platform.ts';

const IMAGES = 200;
const MAP = 'mAP:higher:share';
const { network } = await readNetwork(RESNET20);
const map = channelMap(network);
/** So many units of each of the first groups stay. */
const structureOf = (groups: number) =>
  map.groups.slice(0, groups).map(({ id, width }) => {
    return { group: id, kept: Array.from({ length: width / 2 }, (_, i) => 2 * i) };
  });

const evaluator = { tool: 'detector', preprocessing: 'resize 640' };
const byMap = { name: 'mAP' };

/** ResNet-20, a data set without pixels, and a script whose runs are judged by any metric. */
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
  const record = (key: string, changed = {}, groups = 2) => {
    const structure = structureOf(groups);
    const source = { tool: 'detector' };
    const strategy = { allocation: 'depgraph', criterion: 'l2', share: 0.3, structure, source };
    const input = { key, ...subject, experiment: 'by mAP', ...strategy, qualityMetric: byMap, ...changed };
    return send(
      script,
      'recordRun',
      input,
      'run { id experiment { qualityMetric { name label direction unit } } }',
    );
  };
  const finish = async (key: string, runId: string, told: object, groups = 2, more = {}) => {
    const bytes = encodeOnnx(cutNetwork(network, map, structureOf(groups)).network);
    const sent = await uploaded(script, 'pruned.onnx', bytes);
    const evaluation = { evaluator, images: IMAGES, ...told };
    return send(script, 'finishRun', { key, runId, uploadId: sent, evaluation, ...more }, RESULT);
  };
  return { editor, script, subject, record, finish };
}

const RESULT = 'run { id result { value prunedValue valueDrop top1 loss base { value } } }';

it('runs are judged by any metric, against the unpruned network by the same one', async () => {
  const platform = await startPlatform();
  const { editor, script, subject, record, finish } = await place(platform);
  const base = {
    key: 'base',
    ...subject,
    evaluation: { evaluator, images: IMAGES, qualityMetric: byMap, value: 0.61 },
  };
  expect(await send(script, 'recordEvaluation', base)).toMatchObject({ ok: true });
  expect(await send(script, 'recordEvaluation', base)).toMatchObject({ ok: true });
  const other = { ...base, key: 'other', evaluation: { ...base.evaluation, value: 0.6 } };
  expect(await send(script, 'recordEvaluation', other)).toMatchObject(
    refusal('CONFLICT', 'evaluation.value', /its mAP was 0\.61, and is now 0\.6/),
  );

  const { run } = await record('one');
  expect(run.experiment.qualityMetric).toEqual({
    name: MAP,
    label: 'mAP',
    direction: 'HIGHER',
    unit: 'SHARE',
  });
  const epoch = { epoch: 1, loss: 0.9, learningRate: 0.1, imagesPerSecond: 10, seconds: 2, value: 0.4 };
  expect(await send(script, 'recordEpochs', { key: 'e', runId: run.id, epochs: [epoch] })).toMatchObject({
    ok: true,
  });
  expect(await finish('end', run.id, { value: 0.58 }, 2, { prunedValue: 0.3 })).toMatchObject({
    ok: true,
    run: {
      result: {
        ...{ value: 0.58, prunedValue: 0.3, top1: null, loss: null, base: { value: 0.61 } },
        valueDrop: expect.closeTo(0.03, 12),
      },
    },
  });
  const better = (await record('two', { allocation: 'ours', seed: 1 }, 1)).run;
  await finish('end 2', better.id, { value: 0.6, top1: 0.9, loss: 0.2 }, 1);
  const byTop1 = (await record('three', { experiment: 'by top-1', qualityMetric: null }, 1)).run;
  await finish('end 3', byTop1.id, { top1: 0.9, loss: 0.2 }, 1);

  const list =
    'query ($filter: RunFilter, $order: RunOrder) { runs(filter: $filter, order: $order) { nodes { id } } }';
  const found = async (filter: object, order?: object) =>
    (await editor.ask(list, { filter, order })).data.runs.nodes.map(({ id }: { id: string }) => id);
  const onlyMap = { qualityMetric: { in: [MAP] } };
  expect(await found(onlyMap, { by: 'VALUE', direction: 'DESC' })).toEqual([better.id, run.id]);
  expect(await found({ qualityMetric: { in: ['TOP1'] } })).toEqual([byTop1.id]);
  const compared = `query ($filter: RunFilter) { comparison(filter: $filter) {
    columns { qualityMetric value baseValue valueDrop } onFront
    comparability { verdict reasons { rule } }
  } }`;
  const own = (await editor.ask(compared, { filter: onlyMap })).data.comparison;
  expect(own.columns).toMatchObject({ qualityMetric: [MAP, MAP], baseValue: [0.61, 0.61] });
  expect(own.comparability.reasons.map(({ rule }: { rule: string }) => rule)).not.toContain('QUALITY_METRIC');
  const mixed = (await editor.ask(compared, { filter: null })).data.comparison;
  expect(mixed.comparability.reasons).toContainEqual({ rule: 'QUALITY_METRIC' });
  expect(mixed.comparability.verdict).toBe('NOT_COMPARABLE');
  // The better one is larger: neither beats the other, and top-1 has a separate front.
  expect(mixed.onFront).toEqual([true, true, true]);

  const front = `query ($metric: QualityMetricName!) { ratioFront(qualityMetric: $metric) { points(first: 10) { drop run { id } } } }`;
  const points = (await editor.ask(front, { metric: MAP })).data.ratioFront.points;
  expect(points.map(({ run: { id } }: { run: { id: string } }) => id).sort()).toEqual(
    [run.id, better.id].sort(),
  );
  const analysed =
    '{ analysis { groups { qualityMetric { name label } ranks { strategies { strategy { name } meanRank } } } } }';
  const { groups } = (await editor.ask(analysed)).data.analysis;
  expect(
    groups.map(({ qualityMetric: { name } }: { qualityMetric: { name: string } }) => name).sort(),
  ).toEqual([...['TOP1', MAP]]);
  const markdown = await (await editor.fetch('/files/export/runs.md')).text();
  expect(markdown).toMatch(/\| mAP +\| +60\.00 % \| +−1\.00 pt/);
  const csv = await (await editor.fetch('/files/export/runs.csv')).text();
  expect(csv).toContain(`,${MAP},`);
  const report = await (
    await editor.fetch(`/files/report/experiments/${await experimentOf(platform, run.id)}.html`)
  ).text();
  expect(report).toContain('mAP');
  expect(await send(editor, 'recomputeRun', { runId: run.id })).toMatchObject(
    refusal('INVALID', 'runId', /metric is mAP: workers can only evaluate top1, top5, loss again/),
  );
});

it('refuses what the metric cannot be, by its field', async () => {
  const { script, record, finish } = await place(await startPlatform());
  const { run } = await record('one');
  expect(await record('two', { qualityMetric: null })).toMatchObject(
    refusal('CONFLICT', 'experiment', /runs of another metric/),
  );
  expect(await record('three', { qualityMetric: { name: 'mAP', direction: 'LOWER' } })).toMatchObject(
    refusal('CONFLICT', 'experiment', /runs of another metric/),
  );
  const names: [string, object, RegExp][] = [
    ['qualityMetric.name', { name: ' ' }, /name the metric/],
    ['qualityMetric.direction', { name: 'Top1', direction: 'LOWER' }, /of top1 it is HIGHER/],
    ['qualityMetric.unit', { name: 'fidelity', direction: 'LOWER' }, /of fidelity it is RATIO/],
  ];
  for (const [where, qualityMetric, message] of names) {
    const answer = await record('named', { qualityMetric, experiment: 'named' });
    expect(answer, where).toMatchObject(refusal('INVALID', where, message));
  }
  const told: [string, object, RegExp][] = [
    ['evaluation.value', {}, /give it: the metric is mAP/],
    ['evaluation.value', { value: 58 }, /mAP is 0 to 1, not 58/],
    [
      'evaluation.qualityMetric',
      { value: 0.5, qualityMetric: { name: 'mIoU' } },
      /the metric of the run is mAP.*, not mIoU/,
    ],
    ['evaluation.top1', { value: 0.5, hits: 'AAAA' }, /the share of images that `hits` has/],
  ];
  for (const [where, scores, message] of told) {
    expect(await finish('end', run.id, scores), where).toMatchObject(refusal('INVALID', where, message));
  }
  expect(await finish('end', run.id, { value: 0.5 }, 2, { prunedValue: 2 })).toMatchObject(
    refusal('INVALID', 'prunedValue', /mAP is 0 to 1, not 2/),
  );
  const epoch = { epoch: 1, loss: 0.9, learningRate: 0.1, imagesPerSecond: 10, seconds: 2, value: -1 };
  expect(await send(script, 'recordEpochs', { key: 'e', runId: run.id, epochs: [epoch] })).toMatchObject(
    refusal('INVALID', 'epochs.0.value', /mAP is 0 to 1, not -1/),
  );
  const byTop1 = (await record('top1', { experiment: 'by top-1', qualityMetric: null })).run;
  expect(await finish('end 2', byTop1.id, { loss: 0.9 })).toMatchObject(
    refusal('INVALID', 'evaluation.top1', /give it: the metric is top-1/),
  );
  expect(await finish('end 2', byTop1.id, { top1: 0.9, loss: 1, value: 0.8 })).toMatchObject(
    refusal('INVALID', 'evaluation.value', /top-1 is 0\.9, not 0\.8/),
  );
});

async function experimentOf({ prisma }: Platform, runId: string): Promise<string> {
  return (await prisma.run.findUniqueOrThrow({ where: { id: runId } })).experimentId;
}
