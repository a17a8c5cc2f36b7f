import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '@espalier/errors';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DataType, node, onnxFile, type TensorInit } from '../../test/onnx-file.ts';
import { readNetwork } from '../index.ts';
import { decodeOnnx } from './decode.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'espalier-external-'));
  await mkdir(join(folder, 'model', 'weights'), { recursive: true });
  const data = new Uint8Array(Float32Array.from([9, 1, 2, 3, 4]).buffer);
  await writeFile(join(folder, 'model', 'net.data'), data);
  await writeFile(join(folder, 'model', 'weights', 'net.data'), data);
  await writeFile(join(folder, 'secret'), data);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function model(entries: Readonly<Record<string, string>>): Uint8Array {
  const w: TensorInit = {
    dataType: DataType.FLOAT,
    dims: [4n, 1n, 1n],
    dataLocation: 1,
    externalData: Object.entries(entries).map(([key, value]) => ({ key, value })),
  };
  return onnxFile({ nodes: [node('Mul', ['x', 'w'], ['y'])], tensors: { w } });
}

test.each([
  ['beside the model', { location: 'net.data', offset: '4', length: '16' }],
  ['below it, without a length', { location: 'weights/net.data', offset: '4' }],
  ['by a way that stays inside', { location: 'weights/../net.data', offset: '4' }],
])('external data %s are read', async (_title, entries) => {
  const path = join(folder, 'model', 'net.onnx');
  await writeFile(path, model(entries));
  const { network } = await readNetwork(path);
  expect([...(network.constants.get('w')?.data ?? [])]).toEqual([1, 2, 3, 4]);
});

test.each([
  ['tensor "w" lies in "gone.data", which cannot be read (ENOENT)', { location: 'gone.data' }],
  ['tensor "w" ends at byte 24 of "net.data", which has 20', { location: 'net.data', offset: '8' }],
  ['tensor "w" needs 16 bytes, but has 12 in "net.data"', { location: 'net.data', length: '12' }],
  ['tensor "w" lies in "../secret", outside of the model\'s folder', { location: '../secret' }],
  ['tensor "w" lies in "/etc/hosts", outside of', { location: '/etc/hosts' }],
  ['tensor "w" ends at byte 16 of "weights"', { location: 'weights' }],
  [
    'tensor "w" in "net.data" has an offset or a length that is not a number',
    { location: 'net.data', offset: '-4' },
  ],
  ['tensor "w" has external data without a location', {}],
])('refuses: %s', async (message, entries) => {
  const reading = () => decodeOnnx(model(entries), { name: 'net.onnx', folder: join(folder, 'model') });
  await expect(reading()).rejects.toThrow(InputError);
  await expect(reading()).rejects.toThrow(`net.onnx: ${message}`);
});

test('external data of a model that is not a file are refused', async () => {
  await expect(decodeOnnx(model({ location: 'net.data' }), { name: 'upload' })).rejects.toThrow(
    'upload: tensor "w" is in "net.data", and no other file is read here: save the network in one file',
  );
});

test('nothing beside a file is read where it came from somebody else, not even the file itself', async () => {
  for (const location of ['net.data', 'net.onnx']) {
    const path = join(folder, 'model', 'net.onnx');
    await writeFile(path, model({ location }));
    await expect(readNetwork(path, { alone: true })).rejects.toThrow(
      `is in "${location}", and no other file`,
    );
  }
});

test('tensors that read the same bytes again and again are refused', async () => {
  const w: TensorInit = {
    ...{ dataType: DataType.FLOAT, dims: [5n, 1n, 1n], dataLocation: 1 },
    externalData: [{ key: 'location', value: 'net.data' }],
  };
  const sums = (count: number) => {
    const names = Array.from({ length: count }, (_, i) => `w${i}`);
    return onnxFile({
      inputs: { x: ['batch', 5, 6, 6] },
      nodes: [node('Sum', ['x', ...names], ['y'])],
      tensors: Object.fromEntries(names.map((name) => [name, w])),
    });
  };
  const read = (count: number) =>
    decodeOnnx(sums(count), { name: 'net.onnx', folder: join(folder, 'model') });
  expect((await read(4)).network.nodes).toHaveLength(4);
  await expect(read(5)).rejects.toThrow(
    'net.onnx: the tensors up to "w4" ask for 100 bytes of "net.data", which has 20',
  );
});
