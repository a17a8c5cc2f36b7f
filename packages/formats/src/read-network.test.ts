import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '@espalier/errors';
import type { NetworkMetadata } from '@espalier/network';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DataType, node, onnxFile } from '../test/onnx-file.ts';
import { readNetwork } from './index.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'espalier-read-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function metadata(mean: number, size: [number, number] = [6, 6]): NetworkMetadata {
  const each = [mean, mean, mean];
  return {
    input: { layout: 'NCHW', channels: 'RGB', size, scale: 1, mean: each, std: [1, 1, 1] },
    output: 'logits',
  };
}

const own = metadata(1);
const side = metadata(2);
const given = metadata(3);

/** Writes a model with metadata in up to three places and reads it. */
async function readWith(sources: { own?: unknown; side?: unknown; given?: unknown }) {
  const path = join(folder, 'net.onnx');
  const bytes = onnxFile({
    inputs: { x: ['batch', 3, 6, 6] },
    nodes: [node('Relu', ['x'], ['y'])],
    metadata: { author: 'someone', ...(sources.own ? { espalier: JSON.stringify(sources.own) } : {}) },
  });
  await writeFile(path, bytes);
  if (sources.side) await writeFile(`${path}.json`, JSON.stringify(sources.side));
  const preprocessing = join(folder, 'preprocessing.json');
  if (sources.given) await writeFile(preprocessing, JSON.stringify(sources.given));
  return readNetwork(path, sources.given ? { preprocessing } : {});
}

test.each([
  ['its own, before all others', { own, side, given }, own],
  ['the side file, before the one that is given', { side, given }, side],
  ['the file that is given', { given }, given],
  ['none', {}, undefined],
])('metadata: %s', async (_title, sources, expected) => {
  const { network } = await readWith(sources);
  expect(network.metadata).toEqual(expected);
});

test('a file that is given but not used is told of', async () => {
  const { warnings } = await readWith({ side, given });
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toMatch(/preprocessing\.json is not used: .*net\.onnx\.json says/);
  expect((await readWith({ given })).warnings).toHaveLength(1);
});

test.each([
  ['its own', { own: { ...own, output: 'scores' } }, /net\.onnx: metadata "espalier": output: /],
  ['the side file', { side: { ...side, output: 'scores' } }, /net\.onnx\.json: output: /],
  ['the given file', { given: { output: 'logits' } }, /preprocessing\.json: input: /],
])('wrong metadata in %s are refused by field', async (_title, sources, message) => {
  await expect(readWith(sources)).rejects.toThrow(InputError);
  await expect(readWith(sources)).rejects.toThrow(message);
});

test('metadata of another image size are refused', async () => {
  await expect(readWith({ side: metadata(0, [32, 32]) })).rejects.toThrow(
    /net\.onnx\.json: RGB images of 32 x 32 pixels do not fit the network's input "x", which takes 3 channel\(s\) of 6 x 6/,
  );
});

test('the network is called like its file', async () => {
  expect((await readWith({})).network.name).toBe('net');
});

test.each([
  [
    'net.bin',
    /\.onnx files, TensorFlow\.js model\.json .* of Keras are read; export the network to ONNX first/,
  ],
  ['gone.onnx', /gone\.onnx cannot be read: there is no such file/],
  ['.', /\.onnx files, TensorFlow/],
])('refuses %s', async (name, message) => {
  await expect(readNetwork(join(folder, name))).rejects.toThrow(InputError);
  await expect(readNetwork(join(folder, name))).rejects.toThrow(message);
});

test('a preprocessing file that is not there is refused', async () => {
  await readWith({});
  const reading = readNetwork(join(folder, 'net.onnx'), { preprocessing: join(folder, 'gone.json') });
  await expect(reading).rejects.toThrow(/gone\.json cannot be read: there is no such file/);
});

test('of a file that came alone nothing beside it is looked at, and tensors that lie there are said to lack', async () => {
  await readWith({ side });
  const path = join(folder, 'net.onnx');
  expect((await readNetwork(path, { alone: true })).network.metadata).toBeUndefined();
  expect((await readNetwork(path)).network.metadata).toEqual(side);
  const w = {
    ...{ dataType: DataType.FLOAT, dims: [1n], dataLocation: 1 },
    externalData: [{ key: 'location', value: 'net.data' }],
  };
  await writeFile(path, onnxFile({ nodes: [node('Mul', ['x', 'w'], ['y'])], tensors: { w } }));
  await writeFile(join(folder, 'net.data'), new Uint8Array(4));
  await expect(readNetwork(path, { alone: true })).rejects.toThrow(
    /no other file is read here: save the network in one file/,
  );
});
