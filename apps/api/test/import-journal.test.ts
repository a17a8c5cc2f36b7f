import { execFile, spawnSync } from 'node:child_process';
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { encodeOnnx, readNetwork } from '@espalier/formats';
import { channelMap, cutNetwork } from '@espalier/network';
import { expect, it, onTestFinished } from 'vitest';
import { commandIn } from './command.ts';
import { producer, send, uploaded } from './external.ts';
import { RESNET20, startPlatform } from './platform.ts';

const CLIENT = fileURLToPath(new URL('../../../packages/python/espalier.py', import.meta.url));
const hasPython = spawnSync('python3', ['--version']).status === 0;
const missing = hasPython ? '' : ' (there is no python3 here)';
const IMAGES = 50;
const PATIENCE_MS = 300_000;

/** A sweep and a run, with numbers and names that programs write in different ways. */
const WRITE = `
import json, sys
sys.path.insert(0, sys.argv[1])
import espalier
plan, dataset, structure, network = sys.argv[2:6]
plan = espalier.Plan.load(plan)
journal = espalier.Journal("j.ndjson")
def score(group, units):
    right = ${IMAGES} - 5 - (0 if group is None else len(units) * 20 // group.width)
    return espalier.Score.of_hits([i < right for i in range(${IMAGES})], loss=1e-05 + len(units))
espalier.sweep(plan, score, journal, key="Blüten \\u2028 \\"1\\"", dataset=dataset, source={"tool": "formula"}, tell=print)
run = espalier.Recording(journal, plan.model, dataset, key="run ß", experiment="elsewhere", allocation="mine",
                         criterion="l1", share=0.3, structure=json.loads(structure), training="sgd",
                         source={"tool": "formula"}, evaluator=espalier.Evaluator("formula", "größe 32"))
test = espalier.Score.of_hits([i < 45 for i in range(${IMAGES})], loss=1.0)
run.base(test)
run.epoch(1, loss=1.0, learning_rate=1e-05, images_per_second=100, seconds=2.0)
run.epoch(2, loss=0.5)
run.finish(network, test, pruned_top1=0.2)
`;

it.skipIf(!hasPython)(
  `a journal is sent by the command as by the client for Python: in any order, once${missing}`,
  { timeout: PATIENCE_MS },
  async () => {
    const platform = await startPlatform();
    const { prisma, address } = platform;
    const editor = await platform.member('editor');
    const { project } = await send(editor, 'createProject', { name: 'p' }, 'project { id }');
    const script = await producer(platform, editor, project.id);
    const uploadId = await uploaded(script, 'resnet20.onnx', await readFile(RESNET20));
    const named = { projectId: project.id, name: 'ResNet-20', uploadId };
    const { model } = await send(script, 'registerModel', named, 'model { id }');
    const splits = ['SEARCH', 'TEST'].map((name, i) => ({ name, images: IMAGES, sha256: `${i}`.repeat(64) }));
    const manifest = { key: 'data', name: 'images', classes: ['a', 'b'], splits };
    const { dataset } = await send(script, 'registerDatasetManifest', manifest, 'dataset { id }');

    const folder = await mkdtemp(path.join(tmpdir(), 'espalier-journal-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const env = { ...process.env, ESPALIER_ADDRESS: address, ESPALIER_KEY: script.key };
    const python = (...args: string[]) => promisify(execFile)('python3', args, { cwd: folder, env });
    const { network } = await readNetwork(RESNET20);
    const map = channelMap(network);
    const structure = map.groups.slice(0, 2).map(({ id, width }) => {
      return { group: id, kept: Array.from({ length: width / 2 }, (_, unit) => unit) };
    });
    await writeFile(
      path.join(folder, 'pruned.onnx'),
      encodeOnnx(cutNetwork(network, map, structure).network),
    );
    await writeFile(path.join(folder, 'write.py'), WRITE);
    await python(CLIENT, 'plan', model.id, 'plan.json', '--grid', '0.25,0.5');
    const written = [path.dirname(CLIENT), 'plan.json', dataset.id, JSON.stringify(structure), 'pruned.onnx'];
    await python('write.py', ...written);

    const journal = path.join(folder, 'j.ndjson');
    const espalier = commandIn(folder, { ESPALIER_ADDRESS: address, ESPALIER_KEY: script.key });
    const whole = await readFile(journal, 'utf8');
    const state = async () => ({
      keys: (await prisma.clientKey.findMany({ orderBy: { key: 'asc' } })).map(({ key }) => key),
      points: await prisma.sentPoint.count(),
      runs: (await prisma.run.findMany()).map((run) => run.state),
      samplings: (await prisma.samplingRun.findMany()).map((sampling) => sampling.state),
    });

    // Half of it, with a torn line behind it, as a script that was killed leaves it.
    const lines = whole.split('\n');
    await writeFile(journal, `${lines.slice(0, 9).join('\n')}\n${lines[9]?.slice(0, 20)}`);
    const half = await espalier('import', 'journal', journal);
    expect(half, half.stderr).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/writes on the platform/),
    });
    expect(await state()).toMatchObject({ runs: [], samplings: ['running'] });

    await writeFile(journal, whole);
    expect(await espalier('import', 'journal', journal)).toMatchObject({ code: 0 });
    const done = await state();
    expect(done).toMatchObject({ runs: ['finished'], samplings: ['done'] });
    const { stdout } = await espalier('import', 'journal', journal, '--json');
    expect(await state()).toEqual(done);
    // The other client knows each of these writes: it makes no key of its own.
    await python(CLIENT, 'sync', 'j.ndjson');
    expect(await state()).toEqual(done);
    expect(JSON.parse(stdout)).toEqual({ file: journal, writes: expect.any(Number) });
    // The model and the pruned network were sent, each once.
    expect(await prisma.auditEntry.count({ where: { action: 'upload.complete' } })).toBe(2);
    const epochs = await prisma.epochMetric.findMany({ orderBy: { epoch: 'asc' } });
    expect(epochs).toMatchObject([
      { epoch: 1, loss: 1, learningRate: 1e-5, seconds: 2 },
      { epoch: 2, loss: 0.5, learningRate: null, seconds: null, top1: null },
    ]);

    await appendFile(journal, '{"kind": "dance"}\n');
    expect(await espalier('import', 'journal', journal)).toMatchObject({
      ...{ code: 1, stderr: expect.stringMatching(/an entry "dance", which this version does not know/) },
    });
    await writeFile(journal, 'no journal\n');
    expect(await espalier('import', 'journal', journal)).toMatchObject({
      ...{ code: 1, stderr: expect.stringMatching(/the line at byte 0 is not one of a journal/) },
    });
  },
);
