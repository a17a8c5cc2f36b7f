import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { encodeOnnx, readNetwork } from '@espalier/formats';
import { channelMap, cutNetwork, networkCost } from '@espalier/network';
import { expect, it, onTestFinished } from 'vitest';
import { commandIn } from './command.ts';
import { producer, send, uploaded } from './external.ts';
import { type Platform, RESNET20, startPlatform } from './platform.ts';

/** A dozen commands, each a separate process, on a machine that may be busy. */
const PATIENCE_MS = 900_000;
const IMAGES = 200;

/** A project with ResNet-20, a data set without pixels, and the command with a key that may append. */
async function place(platform: Platform) {
  const editor = await platform.member('editor');
  const { project } = await send(editor, 'createProject', { name: 'Birds' }, 'project { id }');
  const script = await producer(platform, editor, project.id);
  const uploadId = await uploaded(script, 'resnet20.onnx', await readFile(RESNET20));
  const named = { projectId: project.id, name: 'ResNet-20', uploadId };
  const { model } = await send(script, 'registerModel', named, 'model { id }');
  const splits = [{ name: 'TEST', images: IMAGES, sha256: 'a'.repeat(64) }];
  const manifest = { key: 'data', name: 'images', classes: ['a', 'b'], splits };
  await send(script, 'registerDatasetManifest', manifest, 'dataset { id }');
  const folder = await mkdtemp(path.join(tmpdir(), 'espalier-import-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const by = (key: string) => commandIn(folder, { ESPALIER_ADDRESS: platform.address, ESPALIER_KEY: key });
  const write = async (name: string, text: string | Uint8Array) => {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
    return file;
  };
  return {
    platform,
    editor,
    script,
    folder,
    write,
    by,
    espalier: by(script.key),
    modelId: model.id as string,
  };
}

const MAPPING = `
map:
  run: name
  net: model
  acc: top1
  acc before: base
  gflops: flops
  weights: params
  epochs: epochs
  code: commit
  ended: finishedAt
set:
  dataset: images
  allocation: depgraph
  criterion: l2
  tool: pytorch
  toolVersion: 2.4
  preprocessing: resize 32
`;

const HEAD = 'run,net,acc,acc before,gflops,weights,epochs,code,ended';
const ROWS = [
  'half,ResNet-20,91.5 %,0.925,0.04G,140k,30,abc1234,2026-11-01T12:00:00Z',
  '"third, again",resnet-20,0.921,0.925,0.055G,190k,30,abc1235,2026-11-02T12:00:00Z',
];

const RUNS = `{ runs(first: 100) { nodes { id state share allocation experiment { name training }
  source { tool version commit name finishedAt import } epochs { epoch loss top1 learningRate }
  result { evidence top1 value drop macs params sha256 } } } }`;

it('rows of a table become runs, once', { timeout: PATIENCE_MS }, async () => {
  const there = await place(await startPlatform());
  const { platform, editor, espalier, write, by } = there;
  const mapping = await write('mapping.yaml', MAPPING);
  const table = await write('results.csv', `\ufeff${[HEAD, ...ROWS].join('\r\n')}\r\n`);
  const command = ['import', 'csv', table, '--map', mapping, '--project', 'birds'];

  const dry = await espalier(...command, '--dry-run');
  expect(dry).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/2 runs would be made, 0 exist/),
  });
  expect(dry.stdout).toMatch(/row 2 +half +ResNet-20 .*macs −51\.00 % +91\.50 % +20\.00 M .*new/);
  expect(await platform.prisma.run.count()).toBe(0);

  const made = JSON.parse((await espalier(...command, '--json')).stdout);
  expect(made).toMatchObject({ dryRun: false, runs: [{ state: 'made', where: 'row 2' }, { state: 'made' }] });
  const { nodes } = (await editor.ask(RUNS)).data.runs;
  expect(nodes.map(({ state }: { state: string }) => state)).toEqual(['FINISHED', 'FINISHED']);
  const half = nodes.find(({ source }: { source: { name: string } }) => source.name === 'half');
  expect(half).toMatchObject({
    experiment: { name: 'results: ResNet-20, images, 30 epochs', training: '30 epochs' },
    source: {
      ...{ tool: 'pytorch', version: '2.4', commit: 'abc1234', finishedAt: '2026-11-01T12:00:00.000Z' },
      import: made.importId,
    },
    result: { evidence: 'REPORTED', top1: 0.915, macs: 20e6, params: 140e3, sha256: null },
  });
  expect(half.result.drop).toBeCloseTo(0.01, 12);

  // Twice, by two keys, with a row more: nothing twice.
  expect((await espalier(...command)).stdout).toMatch(/0 runs made, 2 exist, 0 refused/);
  await write('results.csv', [HEAD, ...ROWS, 'fifth,ResNet-20,0.9,0.925,0.06G,200k,30,,'].join('\n'));
  expect((await by(editor.key)(...command)).stdout).toMatch(/1 run made, 2 exist, 0 refused/);
  expect(await platform.prisma.run.count()).toBe(3);

  // Another content under the same key is refused, with what differs, and does not hold up the rest.
  const changed = [
    HEAD,
    ROWS[0]?.replace('91.5 %', '93.0 %'),
    ROWS[1],
    'sixth,ResNet-20,0.88,,0.03G,100k,30,,',
  ];
  await write('results.csv', changed.join('\n'));
  const rehearsed = await espalier(...command, '--dry-run');
  expect(rehearsed).toMatchObject({ code: 1, stderr: expect.stringMatching(/1 of it was refused/) });
  expect(rehearsed.stdout).toMatch(/row 2 .*refused.*evaluation\.top1 was 0\.915, is 0\.93/);
  const sent = await espalier(...command);
  expect(sent).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/1 run made, 1 exist, 1 refused/),
  });
  expect(sent.stdout).toMatch(/evaluation\.top1 was 0\.915, is 0\.93/);
  expect(await platform.prisma.run.count()).toBe(4);

  const viewer = await platform.member('viewer', editor.teamId);
  expect(await by(viewer.key)(...command)).toMatchObject({ code: 1, stdout: '' });
  expect(await platform.prisma.run.count()).toBe(4);

  // Undone, by those who may: what that import made goes, and no other.
  expect(await espalier('import', 'undo', made.importId)).toMatchObject({ code: 1, stdout: '' });
  const undone = await by(editor.key)('import', 'undo', made.importId);
  // Later imports told the unpruned network, too.
  expect(undone).toMatchObject({ code: 0, stdout: '2 runs removed\n' });
  expect(await platform.prisma.baseEvaluation.count()).toBe(1);
  const left = (await editor.ask(RUNS)).data.runs.nodes.map(
    ({ source }: { source: { name: string } }) => source.name,
  );
  expect(left.sort()).toEqual(['fifth', 'sixth']);
});

it('nothing is sent while anything cannot be used, and all of it is told', {
  timeout: PATIENCE_MS,
}, async () => {
  const { platform, espalier, write, modelId } = await place(await startPlatform());
  const rows = [
    'a,ResNet-20,good,0.925,0.04G,140k,30,,',
    'b,nowhere,0.9,0.925,0.04G,140k,30,,yesterday',
    'c,ResNet-20,0.9,0.925,9G,140k,30,,',
    'd,ResNet-20,0.9,0.9,0.04G,,30,,',
    `d,${modelId},0.9,0.925,0.04G,140k,20,,`,
    'e,ResNet-20,0.9',
  ];
  const table = await write('results.csv', [HEAD, ...rows].join('\n'));
  const mapping = await write(
    'mapping.json',
    JSON.stringify({ map: { run: 'name', net: 'model', acc: 'top1' } }),
  );
  const none = await espalier('import', 'csv', table, '--map', mapping);
  expect(none.code).toBe(1);
  for (const missing of ['dataset', 'allocation', 'criterion', 'tool', 'preprocessing', 'what was removed']) {
    expect(none.stderr).toMatch(new RegExp(`nothing (gives|says) ${missing}: --map`));
  }
  const full = await write('mapping.yaml', MAPPING);
  const bad = await espalier('import', 'csv', table, '--map', full, '--key', 'run');
  expect(bad).toMatchObject({ code: 1, stdout: '' });
  for (const problem of [
    'row 2, column "acc": expected a share from 0 to 1 (0.931, or 93.1 %), not "good"',
    'row 3, column "ended": expected a time such as 2026-11-30T12:00:00Z, not "yesterday"',
    'row 3, column "net": expected a model, and there is no "nowhere": espalier push registers one',
    'row 4, column "gflops": expected at most the 40813184 of "ResNet-20", not 4500000000',
    'row 5, column "weights": expected params, since there is no network to count them of',
    'row 6, column "run": expected a different one in each row, not that of row 5',
    'row 7: expected 9 cells, not 3',
  ]) {
    expect(bad.stderr).toContain(`${problem}\n`);
  }
  expect(bad.stderr).toMatch(/error: \d+ things cannot be used, and nothing was sent/);
  for (const [args, message] of [
    [['--map', 'other=top1'], /has no column "other", but "run", "net", "acc"/],
    [['--map', 'acc=accuracy'], /there is no field "accuracy": known are name, model/],
    [['--map', 'run=name', '--map', 'net=name'], /"run" and "net" both give name/],
    [['--map', 'absent.yaml'], /there is no file absent\.yaml/],
  ] as const) {
    expect(await espalier('import', 'csv', table, ...args)).toMatchObject({
      ...{ code: 1, stderr: expect.stringMatching(message) },
    });
  }
  expect(await platform.prisma.run.count()).toBe(0);
  expect(await platform.prisma.baseEvaluation.count()).toBe(0);
});

const { network } = await readNetwork(RESNET20);
const map = channelMap(network);
const { network: cut } = cutNetwork(
  network,
  map,
  map.groups.slice(0, 3).map(({ id, width }) => {
    return { group: id, kept: Array.from({ length: width / 2 }, (_, unit) => 2 * unit) };
  }),
);

it('runs of MLflow come with their epochs, tags and networks', { timeout: PATIENCE_MS }, async () => {
  const { platform, editor, espalier, write, folder } = await place(await startPlatform());
  /** As MLflow 2 writes it: a folder for each experiment, one for each run in it. */
  const run = async (
    id: string,
    meta: object,
    acc: readonly number[],
    more: Readonly<Record<string, string>> = {},
  ) => {
    const told = {
      experiment_id: '42',
      lifecycle_stage: 'active',
      run_id: id,
      run_name: `run ${id}`,
      status: 3,
    };
    const lines = Object.entries({ ...told, start_time: 1761990000000, end_time: 1761993600000, ...meta });
    const files = {
      'meta.yaml': lines.map(([name, value]) => `${name}: ${value}`).join('\n'),
      'params/model': 'ResNet-20',
      'params/prune/ratio': '0.4',
      'params/seed': '7',
      'tags/mlflow.source.git.commit': 'f00d',
      'tags/mlflow.user': 'somebody',
      'metrics/val/acc': acc.map((value, step) => `${1761990000000 + step} ${value} ${step}`).join('\n'),
      'metrics/train_loss': acc
        .map((_, step) => `${1761990000000 + step} ${1 / (step + 1)} ${step}`)
        .join('\n'),
      'metrics/lr': '1761990000000 0.1 0\n',
      'metrics/macs': '1761990000000 2.4e7 0\n',
      'metrics/params': '1761990000000 150000 0\n',
      ...more,
    };
    for (const [name, text] of Object.entries(files)) await write(`mlruns/42/${id}/${name}`, text);
  };
  await write('mlruns/42/meta.yaml', "experiment_id: '42'\nname: pruning\nlifecycle_stage: active\n");
  await run('aaa1', {}, [0.5, 0.8, 0.9]);
  await run('aaa2', {}, [0.4, 0.7, 0.85]);
  await write('mlruns/42/aaa2/artifacts/model/pruned.onnx', encodeOnnx(cut));
  await run('bbb1', { lifecycle_stage: 'deleted' }, [0.1]);
  await run('bbb2', { status: 1 }, [0.1]);
  await run('bbb3', { status: 4 }, [0.1]);

  const mapped = [
    'params.model=model',
    'params.prune/ratio=share',
    'metrics.macs=macs',
    'metrics.params=params',
  ];
  const judged = ['metrics.val/acc=top1', 'metrics.train_loss=epoch.loss', 'metrics.val/acc=epoch.top1'];
  const set = [
    'dataset=images',
    'allocation=depgraph',
    'criterion=l2',
    'tool=mlflow',
    'preprocessing=resize 32',
  ];
  const command = [
    ...['import', 'mlflow', path.join(folder, 'mlruns'), '--network', 'model/pruned.onnx'],
    ...[...mapped, ...judged, 'metrics.lr=epoch.learningRate'].flatMap((pair) => ['--map', pair]),
    ...set.flatMap((pair) => ['--set', pair]),
  ];
  const made = await espalier(...command);
  expect(made, made.stderr).toMatchObject({ code: 0 });
  expect(made.stdout).toMatch(
    /2 runs made, 0 exist, 0 refused; left out: 1 deleted run, 1 running run, 1 failed run/,
  );
  const { nodes } = (await editor.ask(RUNS)).data.runs;
  const found = (id: string) =>
    nodes.find(({ source }: { source: { name: string } }) => source.name === `run ${id}`);
  expect(found('aaa1')).toMatchObject({
    ...{ state: 'FINISHED', share: 0.4, experiment: { name: 'pruning: ResNet-20, images, 3 epochs' } },
    source: { tool: 'mlflow', commit: 'f00d', finishedAt: new Date(1761993600000).toISOString() },
    epochs: [
      { epoch: 1, loss: 1, top1: 0.5, learningRate: 0.1 },
      { epoch: 2, loss: 0.5, top1: 0.8, learningRate: null },
      { epoch: 3, loss: 1 / 3, top1: 0.9, learningRate: null },
    ],
    result: { evidence: 'REPORTED', top1: 0.9, macs: 24e6, params: 150e3 },
  });
  expect(found('aaa2').result).toMatchObject({
    evidence: 'STRUCTURE_VERIFIED',
    top1: 0.85,
    ...networkCost(cut),
  });
  expect((await espalier(...command)).stdout).toMatch(/0 runs made, 2 exist, 0 refused/);

  // One that was told otherwise since is refused; steps that are no epochs are, too.
  await write('mlruns/42/aaa1/metrics/macs', '1761990000000 2.5e7 0\n');
  expect((await espalier(...command)).stdout).toMatch(/run aaa1 .*macs was 24000000, is 25000000/);
  await run('ccc1', {}, [0.5], { 'metrics/train_loss': '1 0.9 100\n2 0.8 200\n' });
  const steps = await espalier(...command);
  expect(steps.stderr).toContain(
    'run ccc1, column "metrics.train_loss": expected steps that are epochs, not 100, 200 ...: give --steps-per-epoch',
  );
  expect(await platform.prisma.run.count()).toBe(2);
  const counted = await espalier(...command, '--steps-per-epoch', '100', '--json');
  expect(JSON.parse(counted.stdout).runs.map(({ state }: { state: string }) => state)).toContain('made');

  expect(await espalier('import', 'mlflow', path.join(folder, 'absent'))).toMatchObject({ code: 1 });
  expect(await espalier('import', 'mlflow', path.join(folder, 'mlruns', '42', 'aaa1'))).toMatchObject({
    ...{ code: 1, stderr: expect.stringMatching(/is not an MLflow file store/) },
  });
});
