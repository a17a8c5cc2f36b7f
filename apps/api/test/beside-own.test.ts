import { mkdtemp, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { openDataset, packDataset } from '@espalier/datasets';
import { encodeOnnx, readNetwork } from '@espalier/formats';
import { channelMap, cutNetwork } from '@espalier/network';
import { USUAL_LIMITS } from '@espalier/pipeline';
import { expect, it, onTestFinished } from 'vitest';
import { tinyMetadata, tinyResNet } from '../../../packages/engines/test/tiny-networks.ts';
import { pictureFolder } from '../../../packages/runs/test/pictures.ts';
import { producer, send, uploaded } from './external.ts';
import { RESNET20, startPlatform } from './platform.ts';

// What was imported, beside the platform's own.

const PATIENCE_MS = 180_000;
const IMAGES = 200;

// biome-ignore lint/suspicious/noExplicitAny: tests look at keys of a contract, one by one
type Told = any;

it('a verdict tells evaluators apart by the unpruned network, and what was told from what was computed', async () => {
  const { member, prisma, ...rest } = await startPlatform();
  const editor = await member('editor');
  const { teamId } = editor;
  const { project } = await send(editor, 'createProject', { name: 'p' }, 'project { id }');
  const script = await producer({ member, prisma, ...rest }, editor, project.id);
  const uploadId = await uploaded(script, 'resnet20.onnx', await readFile(RESNET20));
  const named = { projectId: project.id, name: 'ResNet-20', uploadId };
  const { model } = await send(script, 'registerModel', named, 'model { id }');
  const splits = [{ name: 'TEST', images: IMAGES, sha256: 'a'.repeat(64) }];
  const manifest = { key: 'data', name: 'images', classes: ['a', 'b'], splits };
  const { dataset } = await send(script, 'registerDatasetManifest', manifest, 'dataset { id hash }');
  const subject = { modelId: model.id, datasetId: dataset.id };

  const { network } = await readNetwork(RESNET20);
  const map = channelMap(network);
  const structure = map.groups.slice(0, 2).map(({ id, width }) => {
    return { group: id, kept: Array.from({ length: width / 2 }, (_, i) => i) };
  });
  const bytes = encodeOnnx(cutNetwork(network, map, structure).network);
  const elsewhere = async (tool: string, baseTop1: number | null) => {
    const evaluator = { tool, preprocessing: 'resize 32' };
    const scores = (top1: number) => ({ evaluator, top1, loss: 0.5, images: IMAGES });
    if (baseTop1 !== null) {
      const base = { key: `base ${tool}`, ...subject, evaluation: scores(baseTop1) };
      expect(await send(script, 'recordEvaluation', base)).toMatchObject({ ok: true });
    }
    const method = { experiment: 'elsewhere', allocation: 'depgraph', criterion: 'l2', share: 0.3 };
    const input = { key: tool, ...subject, ...method, structure, source: { tool } };
    const { run } = await send(script, 'recordRun', input, 'run { id }');
    const sent = await uploaded(script, 'pruned.onnx', bytes);
    const end = { key: `end ${tool}`, runId: run.id, uploadId: sent, evaluation: scores(0.9) };
    expect(await send(script, 'finishRun', end)).toMatchObject({ ok: true });
    return run.id as string;
  };
  const close = await elsewhere('close', 0.9505);
  const { sha256, savedMacs, savedParams, params, macs } = await prisma.prunedResult.findUniqueOrThrow({
    where: { runId: close },
  });
  // One of the platform, of the same network on the same images, as a worker would have left it.
  const engine = { engine: 'onnxruntime', decoding: 2 };
  await prisma.baseEvaluation.create({
    data: {
      ...{ id: 'eval_own', modelId: model.id, datasetHash: dataset.hash, split: 'test', ...engine },
      ...{ top1: 0.95, loss: 0.4, images: IMAGES },
    },
  });
  const own = { teamId, projectId: project.id, ...subject, name: 'own', samples: 1, grid: [0.5], seed: 0 };
  await prisma.experiment.create({ data: { id: 'exp_own', ...own } });
  await prisma.run.create({
    data: {
      ...{
        id: 'run_own',
        teamId,
        experimentId: 'exp_own',
        allocation: 'cie',
        criterion: 'l1',
        metric: 'macs',
      },
      ...{ share: 0.3, seed: 0, state: 'finished', limits: { ...USUAL_LIMITS, keep: [] } },
    },
  });
  await prisma.prunedResult.create({
    data: {
      ...{ runId: 'run_own', sha256, networkHash: 'own', params, macs, savedMacs, savedParams, ...engine },
      ...{ top1: 0.91, value: 0.91, loss: 0.5, images: IMAGES },
      ...{ structure: [], trace: [], provenance: {}, seconds: {} },
    },
  });
  const verdict = async (...ids: string[]) => {
    const asked = `query ($filter: RunFilter) { comparison(filter: $filter) {
      comparability { verdict reasons { rule } }
    } }`;
    const { data } = await editor.ask(asked, { filter: { id: { in: ids } } });
    const { verdict: told, reasons } = data.comparison.comparability;
    return [told, reasons.map(({ rule }: Told) => rule).filter((rule: string) => rule.startsWith('EV'))];
  };
  const [far, unknown, alike] = [
    await elsewhere('far', 0.94),
    await elsewhere('unknown', null),
    await elsewhere('alike', 0.9495),
  ];
  expect(await verdict('run_own', close)).toEqual(['RESERVATIONS', ['EVALUATOR', 'EVIDENCE']]);
  expect(await verdict('run_own', far)).toEqual(['NOT_COMPARABLE', ['EVALUATOR', 'EVIDENCE']]);
  expect(await verdict('run_own', unknown)).toEqual(['NOT_COMPARABLE', ['EVALUATOR', 'EVIDENCE']]);
  // Two from elsewhere: told alike, by programs that see the same images.
  expect(await verdict(close, alike)).toEqual(['RESERVATIONS', ['EVALUATOR']]);
  expect(await verdict(close, far)).toEqual(['NOT_COMPARABLE', ['EVALUATOR']]);
  const asked = `{
    compression(budgets: [0.5]) { rows { runs evaluators reservation best { run { id } } } }
    comparison { columns { runId } onFront }
    ratioFront { grounds }
  }`;
  const { compression, comparison, ratioFront } = (await editor.ask(asked)).data;
  const toolsOf = ({ evaluators }: Told) => evaluators.map((name: string) => name.split(' ')[0]);
  const rows = compression.rows.map((row: Told) => [toolsOf(row), row.runs, row.reservation !== null]);
  expect(rows).toHaveLength(3);
  expect(rows).toEqual(
    expect.arrayContaining([
      [['alike', 'close'], 3, true],
      [['far'], 1, false],
      [['unknown'], 1, false],
    ]),
  );
  // Each costs the same: those that no equal judge found better are on a front.
  const front = Object.fromEntries(
    comparison.columns.runId.map((id: string, i: number) => [id, comparison.onFront[i]]),
  );
  expect(front).toEqual({ run_own: true, [close]: false, [alike]: false, [far]: true, [unknown]: true });
  // Of the one without a base there is no drop.
  expect(ratioFront.grounds).toBe(4);
  await prisma.prunedResult.update({ where: { runId: close }, data: { evidence: 'recomputed' } });
  expect(await verdict('run_own', close)).toEqual(['RESERVATIONS', ['EVALUATOR']]);
});

it('equal points give equal structures, whoever measured them', { timeout: PATIENCE_MS }, async () => {
  const folder = await mkdtemp('/var/tmp/espalier-beside-');
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const dataset = await openDataset(await pictureFolder(path.join(folder, 'pictures'), 10, 60), {
    home: path.join(folder, 'home'),
  });
  onTestFinished(() => dataset.close());
  const file = path.join(folder, 'noise.espalier-data');
  await packDataset(dataset, file, {});
  const platform = await startPlatform({ worker: true });
  const editor = await platform.member('editor');
  const { project } = await send(editor, 'createProject', { name: 'p' }, 'project { id }');
  const network = { ...tinyResNet(), metadata: tinyMetadata() };
  const modelFile = await uploaded(editor, 'tiny.onnx', encodeOnnx(network));
  const named = { projectId: project.id, name: 'tiny', uploadId: modelFile };
  const { model } = await send(editor, 'registerModel', named, 'model { id }');
  const dataFile = await uploaded(editor, 'noise.espalier-data', await readFile(file));
  const { dataset: data } = await send(
    editor,
    'registerDataset',
    { name: 'Noise', uploadId: dataFile },
    'dataset { id }',
  );
  const subject = { modelId: model.id, datasetId: data.id };
  const GRID = '0.25,0.5,0.75';
  const made = { ...subject, name: 'own', samples: 40, grid: GRID };
  const { experiment } = await send(editor, 'createExperiment', made, 'experiment { id }');
  const start = {
    experimentId: experiment.id,
    strategies: [{ allocation: 'cie', criterion: 'l1' }],
    targets: [{ metric: 'MACS', share: 0.3 }],
  };
  const { runs } = await send(editor, 'startRuns', start, 'runs { id sampling { id } }');
  const ownId = runs[0].sampling.id as string;
  const asked = `query ($id: ID!) { samplingRun(id: $id) {
    state origin baselineTop1 baselineLoss
    points(first: 100) { nodes { group removed value loss images } }
  } }`;
  const now = async (id: string): Promise<Told> => (await editor.ask(asked, { id })).data.samplingRun;
  while ((await now(ownId)).state !== 'DONE') await setTimeout(50);
  const own = await now(ownId);

  const script = await producer(platform, editor, project.id);
  const input = {
    ...{ key: 'sweep', ...subject, samples: 40, grid: GRID, criterion: 'l1' },
    ...{ metric: { name: 'top1', direction: 'HIGHER' }, source: { tool: 'pytorch' } },
  };
  const { samplingRun } = await send(script, 'createSampling', input, 'samplingRun { id }');
  const base = { removed: 0, value: own.baselineTop1, loss: own.baselineLoss, images: 40 };
  const points = [base, ...own.points.nodes.filter(({ removed }: Told) => removed > 0)];
  const put = { key: 'all', samplingRunId: samplingRun.id, points };
  expect(await send(script, 'putSamplePoints', put)).toMatchObject({ ok: true });
  expect(await send(script, 'finishSampling', { samplingRunId: samplingRun.id })).toMatchObject({ ok: true });
  expect([own.origin, (await now(samplingRun.id)).origin]).toEqual(['ESPALIER', 'EXTERNAL']);

  const allocate = `query ($samplingRun: ID!) {
    allocate(samplingRun: $samplingRun, target: { metric: MACS, share: 0.3 }) {
      structures { allocation widths predictedDrop groups { group kept } } refused { allocation reason }
    }
  }`;
  const structures = async (id: string): Promise<Told> =>
    (await editor.ask(allocate, { samplingRun: id })).data.allocate;
  const [mine, theirs] = [await structures(ownId), await structures(samplingRun.id)];
  expect(mine.structures.length).toBeGreaterThan(3);
  expect(theirs).toEqual(mine);
  // A run of the platform uses its own sampling alone.
  const again = { ...start, targets: [{ metric: 'MACS', share: 0.4 }] };
  const { runs: later } = await send(editor, 'startRuns', again, 'runs { sampling { id } }');
  expect(later[0].sampling.id).toBe(ownId);
});

it('a viewer cannot produce, and a producer neither starts nor deletes', async () => {
  const platform = await startPlatform();
  const editor = await platform.member('editor');
  const { project } = await send(editor, 'createProject', { name: 'p' }, 'project { id }');
  const script = await producer(platform, editor, project.id);
  const viewer = await platform.member('viewer', editor.teamId);
  const evaluation = '{ evaluator: { tool: "t", preprocessing: "p" }, top1: 0.5, loss: 1, images: 1 }';
  const producing = [
    `recordRun(input: { key: "k", modelId: "m", datasetId: "d", experiment: "e", allocation: "a", criterion: "c", share: 0.5, structure: [], source: { tool: "t" } }) { ok }`,
    `recordEpochs(input: { key: "k", runId: "r", epochs: [] }) { ok }`,
    `recordEvaluation(input: { key: "k", modelId: "m", datasetId: "d", evaluation: ${evaluation} }) { ok }`,
    `finishRun(input: { key: "k", runId: "r", uploadId: "u", evaluation: ${evaluation} }) { ok }`,
    `putSamplePoints(input: { key: "k", samplingRunId: "s", points: [] }) { ok }`,
    `finishSampling(input: { samplingRunId: "s" }) { ok }`,
    `registerDatasetManifest(input: { key: "k", name: "n", classes: [], splits: [] }) { ok }`,
    `createUpload(input: { fileName: "f" }) { ok }`,
  ];
  for (const mutation of producing) {
    const { errors } = await viewer.ask(`mutation { ${mutation} }`);
    expect(errors?.[0]?.extensions.code, mutation).toBe('FORBIDDEN');
    // The same is for the script to say: whatever is wrong with it is told in its payload.
    expect((await script.ask(`mutation { ${mutation} }`)).errors, mutation).toBeUndefined();
  }
  const beyond = [
    `startRuns(input: { experimentId: "e", strategies: [{}], targets: [{ share: 0.5 }] }) { ok }`,
    `recomputeRun(input: { runId: "r" }) { ok }`,
    `retryRuns(input: { ids: ["r"] }) { ok }`,
    `cancelRuns(input: { ids: ["r"] }) { ok }`,
    `cloneRun(input: { id: "r" }) { ok }`,
    `removeRun(input: { runId: "r" }) { ok }`,
    `removeImport(input: { import: "i" }) { ok }`,
    `removeSampling(input: { samplingRunId: "s" }) { ok }`,
    `moveToTrash(input: { ids: ["r"] }) { ok }`,
    `restore(input: { ids: ["r"] }) { ok }`,
    `purge(input: { ids: ["r"] }) { ok }`,
    `deleteProject(input: { id: "${project.id}" }) { ok }`,
  ];
  for (const mutation of beyond) {
    const { errors } = await script.ask(`mutation { ${mutation} }`);
    expect(errors?.[0]?.extensions.code, mutation).toBe('FORBIDDEN');
  }
});
