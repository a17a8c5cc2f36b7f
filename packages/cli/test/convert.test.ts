import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { provenanceOfOnnx } from '../../formats/src/provenance.ts';
import { kerasFile } from '../../formats/test/keras-files.ts';
import { smallLayersModel, writeLayers } from '../../formats/test/layers-model.ts';
import { espalier, espalierHere, RESNET20, temporaryFolder } from './espalier.ts';

it('writes a network for TensorFlow.js, and tells how far both agree', async () => {
  const folder = await temporaryFolder();
  const out = path.join(folder, 'model.json');
  const { code, stdout, stderr } = await espalier(['convert', RESNET20, '--out', out]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^output +shape +difference\n/);
  expect(stdout).toMatch(/\n\S+ +1 x 10 +\d\.\de-\d+\n/);
  expect(stdout).toMatch(/written to .*model\.json \(1\.1 MB\)/);
  const { format, userDefinedMetadata } = JSON.parse(await readFile(out, 'utf8'));
  expect(format).toBe('graph-model');
  expect(userDefinedMetadata.espalier.classes).toHaveLength(10);
});

it('makes ONNX of a LayersModel, and that LayersModel of it again', async () => {
  const folder = await temporaryFolder();
  const file = await writeLayers(path.join(folder, 'web'), await smallLayersModel());
  const [net, back] = [path.join(folder, 'net.onnx'), path.join(folder, 'model.json')];
  const there = await espalierHere(['convert', file, '--out', net, '--json']);
  expect(there).toMatchObject({ code: 0, stderr: '' });
  const { outputs, bytes } = JSON.parse(there.stdout);
  expect(outputs).toMatchObject([{ shape: [1, 4], agrees: true }]);
  expect(bytes).toBe((await readFile(net)).length);
  expect(await espalierHere(['convert', net, '--out', back])).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(await readFile(back, 'utf8')).modelTopology).toEqual(
    JSON.parse(await readFile(file, 'utf8')).modelTopology,
  );
});

it('writes into each file how the network was made', async () => {
  const folder = await temporaryFolder();
  const file = await writeLayers(path.join(folder, 'web'), await smallLayersModel());
  const made = (name: string) => path.join(folder, name, 'model.json');
  const prune = async (from: string, to: string) => {
    const how = ['--allocation', 'uniform', '--target', 'macs=0.2', '--align', '1', '--seed', '3'];
    const { code, stderr } = await espalierHere(['prune', from, ...how, '--out', to]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  };
  for (const name of ['once', 'twice', 'back']) await mkdir(path.join(folder, name));
  await prune(file, made('once'));
  await prune(made('once'), made('twice'));
  const net = path.join(folder, 'net.onnx');
  for (const [from, to] of [
    [made('twice'), net],
    [net, made('back')],
  ] as const)
    expect(await espalierHere(['convert', from, '--out', to])).toMatchObject({ code: 0, stderr: '' });
  const inModel = async (json: string) =>
    JSON.parse(await readFile(json, 'utf8')).userDefinedMetadata['espalier.provenance'];
  const once = await inModel(made('once'));
  expect(once).toMatchObject({
    espalier: expect.any(String),
    model: expect.stringMatching(/^[0-9a-f]{64}$/),
    ...{ dataset: null, seed: 3, recovered: null, repaired: null, recalibrated: null, finetuned: null },
    pruned: { allocation: 'uniform', target: { metric: 'macs', share: 0.2 } },
  });
  expect(once).not.toHaveProperty('before');
  const twice = await inModel(made('twice'));
  expect(twice.model).not.toBe(once.model);
  expect(twice.before).toEqual(once);
  expect(provenanceOfOnnx(await readFile(net))).toEqual(twice);
  expect(await inModel(made('back'))).toEqual(twice);
});

it('takes files of Keras', async () => {
  const folder = await temporaryFolder();
  const file = path.join(folder, 'net.keras');
  await writeFile(file, await kerasFile(await smallLayersModel(), { version: 3, file: '.keras' }));
  for (const out of ['net.onnx', 'model.json']) {
    const { code, stdout } = await espalierHere(['convert', file, '--out', path.join(folder, out), '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).outputs).toMatchObject([{ shape: [1, 4], agrees: true }]);
  }
});

it.each([
  [
    'the same format',
    'other.onnx',
    /^error: resnet20-cifar10\.onnx already has that format; name a \*\.json/,
  ],
  ['an unknown format', 'net.pb', /^error: .*net\.pb: name the file \*\.onnx, or \*\.json/],
])('refuses %s', async (_, out, says) => {
  const folder = await temporaryFolder();
  const { code, stdout, stderr } = await espalierHere(['convert', RESNET20, '--out', path.join(folder, out)]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(says);
});
