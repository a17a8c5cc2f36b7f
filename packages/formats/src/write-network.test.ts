import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '@espalier/errors';
import { type Network, type NetworkMetadata, networkHash } from '@espalier/network';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { NetworkBuilder } from '../../network/test/builder.ts';
import { readNetwork, writeNetwork } from './index.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'espalier-write-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const metadata: NetworkMetadata = {
  input: { layout: 'NCHW', channels: 'RGB', size: [8, 8], scale: 1, mean: [0, 0, 0], std: [1, 1, 1] },
  output: 'logits',
  classes: ['cat', 'dog'],
};

function network(): Network {
  const builder = new NetworkBuilder('net');
  const built = builder.build(builder.head(builder.convBnRelu(builder.input([3, 8, 8]), 4), 2));
  return { ...built, metadata };
}

test('what was written is read again, metadata and all', async () => {
  const path = join(folder, 'net.onnx');
  await writeNetwork(path, network());
  const read = await readNetwork(path);
  expect(read.warnings).toEqual([]);
  expect(read.network.metadata).toEqual(metadata);
  expect(networkHash(read.network)).toBe(networkHash(network()));
  expect(read.network.nodes).toEqual(network().nodes);
  expect([...read.network.constants]).toEqual([...network().constants]);
  expect(await readdir(folder)).toEqual(['net.onnx']);
});

test('an older file is replaced', async () => {
  const path = join(folder, 'net.onnx');
  await writeFile(path, 'old');
  await writeNetwork(path, network());
  expect((await readFile(path)).length).toBeGreaterThan(1000);
});

test('the format is that of the extension', async () => {
  await expect(writeNetwork(join(folder, 'net.h5'), network())).rejects.toThrow(InputError);
  await expect(writeNetwork(join(folder, 'net.h5'), network())).rejects.toThrow(
    /written as \.onnx, or as the model\.json of TensorFlow\.js/,
  );
});

test('a folder that does not exist is named', async () => {
  const writing = writeNetwork(join(folder, 'gone', 'net.onnx'), network());
  await expect(writing).rejects.toThrow(InputError);
  await expect(writing).rejects.toThrow(/folder .*gone does not exist; create it first/);
});

test('a folder of the same name stays, and nothing is left behind', async () => {
  const path = join(folder, 'net.onnx');
  await mkdir(path);
  await expect(writeNetwork(path, network())).rejects.toThrow(
    /net\.onnx cannot be written: there is a folder/,
  );
  expect(await readdir(folder)).toEqual(['net.onnx']);
});

test('a file in place of the folder is named', async () => {
  await writeFile(join(folder, 'file'), '');
  const writing = writeNetwork(join(folder, 'file', 'net.onnx'), network());
  await expect(writing).rejects.toThrow(InputError);
  await expect(writing).rejects.toThrow(/its folder is not a folder/);
});

test.skipIf(process.getuid?.() === 0)('a folder without permission to write is named', async () => {
  await chmod(folder, 0o500);
  await expect(writeNetwork(join(folder, 'net.onnx'), network())).rejects.toThrow(
    /no permission to write there/,
  );
  await chmod(folder, 0o700);
  expect(await readdir(folder)).toEqual([]);
});

test('the file that a network was made of is written with its tensors, and what became of it is said', async () => {
  const [given, out] = ['given.onnx', 'out.onnx'].map((name) => join(folder, name)) as [string, string];
  const made = network();
  await writeNetwork(given, made);
  expect(await writeNetwork(out, made, { given: { file: given } })).toEqual({
    bytes: (await readFile(given)).length,
    format: 'ONNX',
    notes: [],
  });
  expect(await readFile(out)).toEqual(await readFile(given));
  const other = new NetworkBuilder('other');
  const unlike = other.build(other.head(other.input([3, 8, 8]), 2));
  for (const [options, why] of [
    [
      { given: { file: given } },
      'patched: Gemm "head": input [batch,4] does not fit weight [2,3] (transposed)',
    ],
    [{ given: { file: given }, check: async () => 'it is too slow' }, 'it is too slow'],
  ] as const) {
    const { notes } = await writeNetwork(out, 'check' in options ? made : unlike, options);
    expect(notes).toEqual([
      `a new file is built, with our operation set and the sizes that the network was read with, since given.onnx cannot be patched: ${why}`,
    ]);
  }
  await expect(writeNetwork(out, made, { given: { file: join(folder, 'gone.onnx') } })).rejects.toThrow(
    /gone\.onnx cannot be read: there is no such file/,
  );
});
