import { execFile, spawn, spawnSync } from 'node:child_process';
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { encodeOnnx, readNetwork } from '@espalier/formats';
import { channelMap, cutNetwork, networkCost } from '@espalier/network';
import { expect, it, onTestFinished } from 'vitest';
import { producer, send, uploaded } from './external.ts';
import { client, type Platform, RESNET20, startPlatform } from './platform.ts';

const CLIENT = fileURLToPath(new URL('../../../packages/python/espalier.py', import.meta.url));
const hasPython = spawnSync('python3', ['--version']).status === 0;
const missing = hasPython ? '' : ' (there is no python3 here)';
const test = it.skipIf(!hasPython);
const IMAGES = 50;
/** Where nobody listens. */
const NOWHERE = 'http://127.0.0.1:9';

/** Scores the network by a formula, in place of images: drops are known, and each cell is scored once. */
const SWEEP = `
import os, sys, espalier
plan, journal, dataset, online, crash = sys.argv[1:6]
plan = espalier.Plan.load(plan)
count = 0
def score(group, units):
    global count
    count += 1
    if count == int(crash):
        os._exit(9)
    right = ${IMAGES} - 5 - (0 if group is None else len(units) * 20 // group.width)
    return espalier.Score.of_hits([i < right for i in range(${IMAGES})], loss=0.5)
client = espalier.Client(tries=1) if online == "online" else None
sampling = espalier.sweep(plan, score, espalier.Journal(journal), key="sweep", dataset=dataset, client=client,
                          source={"tool": "formula"}, tell=print)
print(f"scored {count}, {sampling}")
`;

/** Structures for targets by a sampling that was sent. */
const ALLOCATE = `
import json, sys, espalier
client = espalier.Client()
found = client.allocate(sys.argv[1], share=0.2, allocation="uniform")
client.download(found.onnx, "cut.onnx")
print(json.dumps([found.params, found.macs, found.kept]))
for share in (0.2, 0.999):
    try:
        client.allocate(sys.argv[1] if share > 0.5 else "sample_none", share=share)
    except espalier.EspalierError as error:
        print(error)
`;

/** A run as it goes on elsewhere; `until` says after how many steps it dies. */
const RUN = `
import json, os, sys, espalier
model, dataset, structure, until, second = sys.argv[1:6]
journal = espalier.Journal("run.ndjson")
run = espalier.Recording(journal, model, dataset, key="run", experiment="elsewhere", allocation="mine", criterion="l1",
                         share=0.3, structure=json.loads(structure), training="sgd, 3 epochs",
                         source={"tool": "formula"}, evaluator=espalier.Evaluator("formula", "none"))
def score(right):
    return espalier.Score.of_hits([i < right for i in range(${IMAGES})], loss=0.5)
run.base(score(45))
for epoch in range(1, 4):
    if epoch > int(until):
        os._exit(9)
    run.epoch(epoch, loss=float(second) / epoch, learning_rate=0.1, images_per_second=100, seconds=2)
run.finish("pruned.onnx", score(40), pruned_top1=0.2)
`;

/** The same, judged by a separate metric. */
const BY_MAP = `
import json, sys, espalier
model, dataset, structure = sys.argv[1:4]
journal = espalier.Journal("map.ndjson")
metric = espalier.Metric("mAP")
run = espalier.Recording(journal, model, dataset, key="map", experiment="by mAP", allocation="mine", criterion="l1",
                         share=0.3, structure=json.loads(structure), source={"tool": "formula"},
                         evaluator=espalier.Evaluator("formula", "none"), judged_by=metric)
run.base(espalier.Score(0.61, ${IMAGES}))
run.epoch(1, loss=0.7, learning_rate=0.1, images_per_second=100, seconds=2, value=0.5)
run.finish("pruned.onnx", espalier.Score(0.58, ${IMAGES}), pruned_value=0.3)
`;

interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A project with a network and a data set without pixels, a key that may append, and a folder with the client. */
async function place(platform: Platform) {
  const editor = await platform.member('editor');
  const { project } = await send(editor, 'createProject', { name: 'p' }, 'project { id }');
  const script = await producer(platform, editor, project.id);
  const folder = await mkdtemp(path.join(tmpdir(), 'espalier-python-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const served = await fetch(`${platform.address}/client/espalier.py`);
  await writeFile(path.join(folder, 'espalier.py'), await served.text());
  await writeFile(path.join(folder, 'sweep.py'), SWEEP);
  await writeFile(path.join(folder, 'run.py'), RUN);
  const uploadId = await uploaded(script, 'resnet20.onnx', await readFile(RESNET20));
  const named = { projectId: project.id, name: 'ResNet-20', uploadId };
  const { model } = await send(script, 'registerModel', named, 'model { id }');
  const splits = [
    { name: 'SEARCH', images: IMAGES, sha256: 'a'.repeat(64) },
    { name: 'TEST', images: IMAGES, sha256: 'b'.repeat(64) },
  ];
  const manifest = { key: 'data', name: 'images', classes: ['a', 'b'], splits };
  const { dataset } = await send(script, 'registerDatasetManifest', manifest, 'dataset { id }');
  const env = { ...process.env, ESPALIER_ADDRESS: platform.address, ESPALIER_KEY: script.key };
  const python = async (args: readonly string[], changed: NodeJS.ProcessEnv = {}): Promise<Said> => {
    const options = { cwd: folder, env: { ...env, ...changed } };
    try {
      return { code: 0, ...(await promisify(execFile)('python3', [...args], options)) };
    } catch (error) {
      const { code, stdout, stderr } = error as Said;
      return { code, stdout, stderr };
    }
  };
  const file = (name: string) => path.join(folder, name);
  const sweep = (online: boolean, crash = 0) =>
    python(['sweep.py', 'plan.json', 'j.ndjson', dataset.id, online ? 'online' : 'offline', `${crash}`]);
  const planned = await python(['espalier.py', 'plan', model.id, 'plan.json', '--grid', '0.25,0.5']);
  expect(planned, planned.stderr).toMatchObject({ code: 0, stdout: 'written to plan.json\n' });
  const ids = { model: model.id, dataset: dataset.id, project: project.id };
  return { platform, editor, script, env, folder, file, python, sweep, ids };
}

const MATRIX = `{ samplingRuns { nodes { id state origin baselineTop1 source { tool }
  matrix { groups accuracy drop contribution standardError } } } }`;

test(`anybody may fetch the Python client, as it lies in the repository${missing}`, async () => {
  const { address } = await startPlatform();
  const answer = await client(address).fetch('/client/espalier.py');
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toMatch(/^text\/x-python/);
  expect(await answer.text()).toBe(await readFile(CLIENT, 'utf8'));
  expect((await client(address).fetch('/client/README.md')).status).toBe(404);
});

test(`a sweep is sent as it goes, and what could not be sent is sent later${missing}`, async () => {
  const there = await place(await startPlatform());
  const { script, python, sweep, file } = there;
  const { stdout, stderr, code } = await sweep(true);
  expect(code, stderr).toBe(0);
  const total = Number(/scored (\d+)/.exec(stdout)?.[1]);
  expect(stdout).toMatch(
    new RegExp(`^${total}/${total} points, [\\d.e+]+ a second, 0:00:00 left: \\S+ -\\d+ 0\\.\\d{4}$`, 'm'),
  );
  const { data } = await script.ask(MATRIX);
  expect(data.samplingRuns.nodes).toHaveLength(1);
  const [run] = data.samplingRuns.nodes;
  expect(stdout).toContain(`, ${run.id}\n`);
  expect(run).toMatchObject({ state: 'DONE', origin: 'EXTERNAL', baselineTop1: 0.9 });
  for (const [quarter, half] of run.matrix.accuracy) {
    expect([quarter, half]).toEqual([0.8, 0.7]);
  }
  // 5 of 50 images are lost, none is won: paired.
  expect(run.matrix.standardError[0][0]).toBeCloseTo(Math.sqrt((0.1 - 0.01) / 49), 12);

  // The same script without a connection says where its points are, and `sync` takes them to the same place.
  await rm(file('j.ndjson'));
  expect(await sweep(false)).toMatchObject({ code: 0 });
  const lost = await python(['espalier.py', 'sync', 'j.ndjson'], { ESPALIER_ADDRESS: NOWHERE });
  expect(lost).toMatchObject({ code: 3, stderr: expect.stringMatching(/does not answer/) });
  expect(await python(['espalier.py', 'sync', 'j.ndjson'])).toMatchObject({ code: 0 });
  expect((await script.ask(MATRIX)).data).toEqual(data);
});

test(`a structure for a target comes with its network, and what meets no target with the reason${missing}`, async () => {
  const { script, python, sweep, file } = await place(await startPlatform());
  expect(await sweep(true)).toMatchObject({ code: 0 });
  const { id } = (await script.ask(MATRIX)).data.samplingRuns.nodes[0];
  await writeFile(file('allocate.py'), ALLOCATE);
  const { stdout, stderr } = await python(['allocate.py', id]);
  expect(stderr).toBe('');
  const [found = '', ...refused] = stdout.trimEnd().split('\n');
  const [params, macs, kept] = JSON.parse(found);
  const { network } = await readNetwork(file('cut.onnx'));
  expect({ params, macs }).toEqual(networkCost(network));
  expect(Object.keys(kept).length).toBeGreaterThan(0);
  expect(refused).toEqual([
    expect.stringMatching(/^there is no sampling sample_none within reach of this key$/),
    expect.stringMatching(/^cie: target macs=0\.999 cannot be reached/),
  ]);
});

test(`twice, half, killed and by two processes: one result${missing}`, async () => {
  const there = await place(await startPlatform());
  const { platform, script, python, sweep, folder, file, env } = there;
  // Killed in the seventh cell, with half a line behind it: the next one goes on where it was.
  expect(await sweep(false, 7)).toMatchObject({ code: 9 });
  await appendFile(file('j.ndjson'), '{"kind": "point", "sampl');
  const rest = await sweep(false);
  const cells = Number(/scored (\d+)/.exec(rest.stdout)?.[1]) + 6;
  const lines = (await readFile(file('j.ndjson'), 'utf8')).trimEnd().split('\n');
  // Beside points how it began, and that it ended.
  expect(lines).toHaveLength(cells + 2);
  expect(lines.map((line) => JSON.parse(line).kind)).not.toContain('sampl');

  const sync = ['espalier.py', 'sync', 'j.ndjson', '--batch', '3'];
  const half = spawn('python3', sync, { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] });
  const killed = new Promise((resolve) => half.once('exit', (_, signal) => resolve(signal)));
  for await (const said of half.stdout) {
    if (/3 points/.test(String(said))) half.kill('SIGKILL');
  }
  expect(await killed).toBe('SIGKILL');
  const sent = await platform.prisma.sentPoint.count();
  expect(sent).toBeGreaterThanOrEqual(3);
  expect(sent).toBeLessThan(cells);

  const both = await Promise.all([python(sync), python(['espalier.py', 'sync', 'j.ndjson', '--batch', '4'])]);
  for (const said of both) expect(said, said.stderr).toMatchObject({ code: 0 });
  const counts = async () => ({
    samplings: await platform.prisma.samplingRun.count(),
    points: await platform.prisma.sentPoint.count(),
    keys: await platform.prisma.clientKey.count(),
    matrices: (await script.ask(MATRIX)).data,
  });
  const once = await counts();
  expect(once).toMatchObject({ samplings: 1, points: cells });
  expect(await python(sync)).toMatchObject({ code: 0 });
  expect(await counts()).toEqual(once);

  // The same key with another content is refused, with what differs, and so is a value that comes too late.
  const journal = await readFile(file('j.ndjson'), 'utf8');
  await writeFile(file('other.ndjson'), journal.replace('"tool": "formula"', '"tool": "guess"'));
  expect(await python(['espalier.py', 'sync', 'other.ndjson'])).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/source\.tool was "formula", is "guess"/),
  });
  await writeFile(file('late.ndjson'), journal.replace('"loss": 0.5', '"loss": 0.6'));
  expect(await python(['espalier.py', 'sync', 'late.ndjson'])).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/it is finished/),
  });
  expect(await counts()).toEqual(once);
});

test(`a run is told from its journal, killed, sent twice and by two processes${missing}`, async () => {
  const { editor, script, python, file, ids } = await place(await startPlatform());
  const { network } = await readNetwork(RESNET20);
  const map = channelMap(network);
  const kept = map.groups.slice(0, 2).map(({ id, width }) => {
    return { group: id, kept: Array.from({ length: width / 2 }, (_, unit) => unit) };
  });
  await writeFile(file('pruned.onnx'), encodeOnnx(cutNetwork(network, map, kept).network));
  const structure = JSON.stringify(Object.fromEntries(kept.map(({ group, kept: units }) => [group, units])));
  const run = (until: number, second = 2) =>
    python(['run.py', ids.model, ids.dataset, structure, `${until}`, `${second}`]);
  const sync = (journal = 'run.ndjson') => python(['espalier.py', 'sync', journal]);

  expect(await run(2)).toMatchObject({ code: 9 });
  expect(await sync()).toMatchObject({ code: 0, stdout: expect.stringMatching(/^run: run_/) });
  const RUNS = `{ runs { nodes { state origin source { tool } strategy { name } epochs { epoch loss }
    result { top1 prunedTop1 drop macs evidence evaluator } } } }`;
  const under = (await script.ask(RUNS)).data.runs.nodes;
  expect(under).toMatchObject([{ state: 'RECORDING', epochs: [{ epoch: 1 }, { epoch: 2 }], result: null }]);

  // It goes on in the same journal, and tells again what it told.
  expect(await run(3)).toMatchObject({ code: 0 });
  for (const said of await Promise.all([sync(), sync()]))
    expect(said, said.stderr).toMatchObject({ code: 0 });
  expect(await sync()).toMatchObject({ code: 0 });
  const { data } = await script.ask(RUNS);
  expect(data.runs.nodes).toMatchObject([
    {
      ...{ state: 'FINISHED', origin: 'EXTERNAL', source: { tool: 'formula' } },
      strategy: { name: 'mine · l1 · imported (formula)' },
      epochs: [
        { epoch: 1, loss: 2 },
        { epoch: 2, loss: 1 },
        { epoch: 3, loss: 2 / 3 },
      ],
      result: { top1: 0.8, prunedTop1: 0.2, evidence: 'STRUCTURE_VERIFIED' },
    },
  ]);
  expect(data.runs.nodes[0].result.drop).toBeCloseTo(0.1, 12);

  await writeFile(file('map.py'), BY_MAP);
  const byMap = await python(['map.py', ids.model, ids.dataset, structure]);
  expect(byMap, byMap.stderr).toMatchObject({ code: 0 });
  const told = await sync('map.ndjson');
  expect(told, told.stderr).toMatchObject({ code: 0 });
  const filter = 'filter: { qualityMetric: { in: ["mAP:higher:share"] } }';
  const judged = `{ runs(${filter}) { nodes { epochs { value } result { value prunedValue valueDrop top1 } } } }`;
  const [found] = (await script.ask(judged)).data.runs.nodes;
  expect(found).toMatchObject({
    epochs: [{ value: 0.5 }],
    result: { value: 0.58, prunedValue: 0.3, valueDrop: expect.closeTo(0.03, 12), top1: null },
  });
  await send(editor, 'removeRun', {
    runId: (await script.ask(`{ runs(${filter}) { nodes { id } } }`)).data.runs.nodes[0].id,
  });

  const journal = await readFile(file('run.ndjson'), 'utf8');
  await writeFile(file('other.ndjson'), journal.replace('"share": 0.3', '"share": 0.4'));
  expect(await sync('other.ndjson')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/share was 0\.3, is 0\.4/),
  });
  await writeFile(file('pruned.onnx'), 'another file');
  expect(await sync()).toMatchObject({ code: 1, stderr: expect.stringMatching(/is another file than when/) });
  expect((await script.ask(RUNS)).data).toEqual(data);
});

test(`hits of many images are sent in parts that the platform takes${missing}`, async () => {
  const { platform, script, python, file, ids } = await place(await startPlatform());
  const images = 400_000;
  const splits = [{ name: 'SEARCH', images, sha256: 'c'.repeat(64) }];
  const manifest = { key: 'large images', name: 'large', classes: ['a', 'b'], splits };
  const { dataset } = await send(script, 'registerDatasetManifest', manifest, 'dataset { id }');
  const { groups } = JSON.parse(await readFile(file('plan.json'), 'utf8'));
  const cells: { group: string; removed: number }[] = groups.flatMap(
    ({ name, cells: of }: { name: string; cells: { removed: number }[] }) =>
      of.map(({ removed }) => ({ group: name, removed })),
  );
  const input = {
    ...{ key: 'large', modelId: ids.model, datasetId: dataset.id, criterion: 'l1', grid: '0.25,0.5' },
    ...{ samples: images, metric: { name: 'top1', direction: 'HIGHER' }, source: { tool: 'formula' } },
  };
  const hits = Buffer.alloc(images / 8, 0x55).toString('base64');
  const lines = [
    { kind: 'sampling', input },
    ...[{ removed: 0 }, ...cells].map((cell) => {
      return { kind: 'point', sampling: 'large', point: { ...cell, value: 0.5, images, hits } };
    }),
  ];
  await writeFile(file('large.ndjson'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const said = await python(['espalier.py', 'sync', 'large.ndjson']);
  expect(said, said.stderr).toMatchObject({ code: 0 });
  expect(said.stdout.match(/large: \d+ points/g)?.length).toBeGreaterThan(2);
  expect(await platform.prisma.sentPoint.count()).toBe(cells.length + 1);
});

test(`what is wrong is said in one line${missing}`, async () => {
  const { python, file, ids } = await place(await startPlatform());
  const wrong: [string[], NodeJS.ProcessEnv, RegExp][] = [
    [['sync', 'none.ndjson'], {}, /there is no journal none\.ndjson/],
    [['sync', 'j.ndjson'], { ESPALIER_KEY: '' }, /set ESPALIER_KEY/],
    [['sync', 'j.ndjson'], { ESPALIER_ADDRESS: 'localhost' }, /set ESPALIER_ADDRESS/],
    [['plan', 'model_none', 'p.json'], {}, /there is no model model_none/],
    [['plan', ids.model, 'p.json', '--grid', '2'], {}, /outside/],
    [['plan', ids.model, 'p.json'], { ESPALIER_KEY: 'esp_none' }, /sign in|key/i],
  ];
  await writeFile(file('j.ndjson'), '');
  for (const [args, env, message] of wrong) {
    const said = await python(['espalier.py', ...args], env);
    expect(said, args.join(' ')).toMatchObject({ code: 1, stderr: expect.stringMatching(message) });
    expect(said.stderr.trimEnd().split('\n'), said.stderr).toHaveLength(1);
  }
  await writeFile(file('j.ndjson'), '{"kind": "point", "sampling": "x", "point": {"removed": 0}}\n');
  expect(await python(['espalier.py', 'sync', 'j.ndjson'])).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/not the line that begins it/),
  });
  await writeFile(file('j.ndjson'), 'nonsense\n');
  expect(await python(['espalier.py', 'sync', 'j.ndjson'])).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/the line at byte 0 is not one of a journal/),
  });
});
