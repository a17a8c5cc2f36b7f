import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readNetwork } from '@espalier/formats';
import { expect, it, onTestFinished } from 'vitest';
import { cifarPictures } from '../../../packages/cli/test/cifar-pictures.ts';
import { commandIn, type Espalier } from './command.ts';
import { type Member, RESNET20, startPlatform } from './platform.ts';

const PIXELS = `${RESNET20}.json`;

it('a network that is pushed with its preprocessing is as accurate on the platform as by the command', async () => {
  const { address, member, prisma } = await startPlatform({ worker: true });
  const editor = await member('editor');
  const { folder, espalier, net } = await somewhere(address, editor);
  const pictures = await cifarPictures();
  const told = await espalier('push', net, '--project', 'p', '--name', 'plain', '--json');
  expect(told.stderr).toMatch(/does not say how pixels become its input: .*--preprocessing FILE/);
  expect(told.code).toBe(0);
  // Classes in another order, too.
  const side = JSON.parse(await readFile(PIXELS, 'utf8'));
  const given = path.join(folder, 'pixels.json');
  await writeFile(given, JSON.stringify({ ...side, input: { ...side.input, mean: [0.3, 0.4, 0.9] } }));
  const push = ['push', net, '--project', 'p', '--json'];
  const wrong = await pushed(espalier, ...push, '--name', 'wrong', '--preprocessing', given);
  await copyFile(PIXELS, `${net}.json`);
  const right = await pushed(espalier, ...push);
  const models = await prisma.model.findMany({ where: { teamId: editor.teamId } });
  expect(models).toHaveLength(3);
  expect(new Set(models.map(({ sha256, networkHash }) => `${sha256} ${networkHash}`)).size).toBe(1);

  await espalier('push', '--dataset', pictures, '--name', 'pictures');
  const accuracies = new Map<string, unknown>();
  for (const model of [wrong, right]) accuracies.set(model, await baseOf(espalier, editor, model));
  await rm(`${net}.json`);
  const evaluate = async (...flags: string[]) =>
    JSON.parse((await espalier('evaluate', net, '--dataset', pictures, '--json', ...flags)).stdout).top1;
  expect(accuracies.get(wrong)).toBe(await evaluate('--preprocessing', given));
  expect(accuracies.get(right)).toBe(await evaluate('--preprocessing', PIXELS));
  expect(new Set(accuracies.values()).size).toBe(2);
  // What is pruned has it within.
  const run = await prisma.run.findFirstOrThrow({ where: { experiment: { modelId: right } } });
  const out = path.join(folder, 'pruned.onnx');
  await espalier('runs', 'download', run.id, '--out', out);
  expect((await readNetwork(out)).network.metadata).toEqual(side);
  expect(await prisma.samplingRun.count()).toBe(2);
}, 900_000);

it('what is downloaded has the preprocessing that came beside it, and nobody else gets it', async () => {
  const { address, member } = await startPlatform();
  const editor = await member('editor');
  const { folder, espalier, net } = await somewhere(address, editor);
  await copyFile(PIXELS, `${net}.json`);
  const id = await pushed(espalier, 'push', net, '--project', 'p', '--json');
  const { data } = await editor.ask(`{ model(id: "${id}") { downloadUrl preprocessing {
    output classes input { channels height width resize letterbox scale mean std }
  } } }`);
  const side = JSON.parse(await readFile(PIXELS, 'utf8'));
  const { layout: _, size, ...pixels } = side.input;
  expect(data.model.preprocessing).toEqual({
    ...{ output: side.output.toUpperCase(), classes: side.classes ?? null },
    input: { resize: null, letterbox: null, ...pixels, height: size[0], width: size[1] },
  });
  const response = await editor.fetch(`${data.model.downloadUrl}?name=mine`);
  expect(response.headers.get('content-disposition')).toBe('attachment; filename="mine.onnx"');
  const copy = path.join(folder, 'copy.onnx');
  await writeFile(copy, Buffer.from(await response.arrayBuffer()));
  const { network } = await readNetwork(copy);
  expect(network.metadata).toEqual(side);
  const again = await editor.ask(`{ models { nodes { networkHash } } }`);
  expect((await espalier('push', copy, '--project', 'p')).stderr).toBe('');
  const both = await editor.ask(`{ models { nodes { networkHash downloadUrl } } }`);
  expect(new Set(both.data.models.nodes.map((each: { networkHash: string }) => each.networkHash)).size).toBe(
    1,
  );
  expect(again.data.models.nodes).toHaveLength(1);
  const stranger = await member('admin');
  expect((await stranger.fetch(data.model.downloadUrl)).status).toBe(404);
});

it('a preprocessing that is none, does not fit or contradicts the file is refused by its field', async () => {
  const { address, member } = await startPlatform();
  const editor = await member('editor');
  const { espalier, net, folder } = await somewhere(address, editor);
  await copyFile(PIXELS, `${net}.json`);
  const id = await pushed(espalier, 'push', net, '--project', 'p', '--json');
  const { data } = await editor.ask(`{ projects { nodes { id } } model(id: "${id}") { downloadUrl } }`);
  const projectId = data.projects.nodes[0].id;
  const side = JSON.parse(await readFile(PIXELS, 'utf8'));
  const refusal = async (uploadId: string, preprocessing: object) => {
    const answer = await editor.ask(REGISTER, { projectId, uploadId, preprocessing });
    return answer.data.registerModel.errors[0];
  };
  const bare = await uploaded(editor, await readFile(net));
  expect(await refusal(bare, { ...side, input: { ...side.input, mean: [1] } })).toMatchObject({
    path: ['preprocessing', 'input', 'mean'],
  });
  expect(await refusal(bare, { pixels: 1 })).toMatchObject({
    path: expect.arrayContaining(['preprocessing']),
  });
  expect(await refusal(bare, { ...side, input: { ...side.input, size: [224, 224] } })).toMatchObject({
    message: expect.stringMatching(/do not fit the network's input/),
    path: ['preprocessing'],
  });
  const copy = path.join(folder, 'copy.onnx');
  await writeFile(copy, Buffer.from(await (await editor.fetch(data.model.downloadUrl)).arrayBuffer()));
  const within = await uploaded(editor, await readFile(copy));
  expect(await refusal(within, { ...side, output: 'probabilities' })).toMatchObject({
    message: expect.stringMatching(/leave the preprocessing out/),
    path: ['preprocessing'],
  });
});

const REGISTER = `mutation ($projectId: ID!, $uploadId: ID!, $preprocessing: JSONObject) {
  registerModel(input: { projectId: $projectId, uploadId: $uploadId, name: "x", preprocessing: $preprocessing }) {
    ok errors { message path }
  }
}`;

async function uploaded(editor: Member, bytes: Uint8Array): Promise<string> {
  const { data } = await editor.ask(
    'mutation { createUpload(input: { fileName: "x.onnx" }) { upload { id url } } }',
  );
  const { id, url } = data.createUpload.upload;
  expect((await editor.fetch(url, { method: 'PUT', body: Buffer.from(bytes) })).status).toBe(200);
  return id;
}

async function pushed(espalier: Espalier, ...args: string[]): Promise<string> {
  const done = await espalier(...args);
  expect(done).toMatchObject({ code: 0, stderr: '' });
  return JSON.parse(done.stdout).id;
}

async function somewhere(address: string, { key }: Member) {
  const folder = await mkdtemp(path.join(tmpdir(), 'espalier-pixels-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const net = path.join(folder, 'net.onnx');
  await copyFile(RESNET20, net);
  return { folder, net, espalier: commandIn(folder, { ESPALIER_ADDRESS: address, ESPALIER_KEY: key }) };
}

/** As a first run of a network measures it. */
async function baseOf(espalier: Espalier, editor: Member, model: string): Promise<number> {
  const { stdout } = await espalier(
    ...['experiments', 'create', '--model', model, '--dataset', 'pictures', '--name', model, '--json'],
    ...['--strategy', 'cie:l1', '--target', 'macs=0.4', '--samples', '20', '--grid', '0.3,0.6'],
  );
  const { id } = JSON.parse(stdout);
  expect((await espalier('experiments', 'watch', id)).code).toBe(0);
  const { data } = await editor.ask(`{ experiment(id: "${id}") { base { top1 } } }`);
  return data.experiment.base.top1;
}
