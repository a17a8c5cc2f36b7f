import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '@espalier/errors';
import { type Network, networkHash } from '@espalier/network';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  drawAnew,
  type GraphModel,
  graphFiles,
  is,
  random,
  s,
  tfNode,
  writeGraph,
} from '../test/graph-model.ts';
import { kerasFile } from '../test/keras-files.ts';
import { smallLayersModel, writeLayers } from '../test/layers-model.ts';
import { node, onnxFile } from '../test/onnx-file.ts';
import { type ZipEntry, zipOf } from '../test/zip.ts';
import { bundleOf, bundleWith, readNetwork, writeNetwork } from './index.ts';
import { readArtifacts } from './read-artifacts.ts';

drawAnew();

let folder = '';
let count = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'espalier-bundle-'));
  await tf.setBackend('cpu');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function place(): Promise<string> {
  const own = join(folder, String(count++));
  await mkdir(own);
  return own;
}

async function file(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(await place(), name);
  await writeFile(path, bytes);
  return path;
}

const zip = async (entries: readonly ZipEntry[]) => file('net.zip', zipOf(entries));

const conv = { strides: is(1, 1, 1, 1), padding: s('SAME') };
const model: GraphModel = {
  nodes: [tfNode('Conv2D', ['x', 'w'], 'y', conv)],
  weights: { w: random(3, 3, 4, 5) },
  shardBytes: 300,
};
const { json, shards } = graphFiles(model);
const text = Buffer.from(JSON.stringify(json));
const entries: readonly ZipEntry[] = [
  { name: 'model.json', bytes: text },
  ...[...shards].map(([name, bytes]) => ({ name, bytes })),
];
const within = (at: string) => entries.map((entry) => ({ ...entry, name: `${at}${entry.name}` }));

describe('a model of several files is one file', () => {
  test('the same whatever order, folder and compression it came in', async () => {
    const path = await writeGraph(await place(), model);
    await writeFile(path, text);
    const { bytes } = await bundleOf(path);
    if (!bytes) throw new Error('several files are none');
    for (const zipped of [entries, entries.toReversed(), within('web/'), within('./')]) {
      expect(Buffer.from((await bundleOf(await zip(zipped), true)).bytes ?? []).equals(bytes)).toBe(true);
    }
    const own = await file('own.zip', bytes);
    expect(await bundleOf(own, true)).toMatchObject({ bytes: null, type: { format: 'TFJS_GRAPH' } });
    const hash = async (at: string) => networkHash((await readNetwork(at, { alone: true })).network);
    expect(await hash(own)).toBe(networkHash((await readNetwork(path)).network));
    await copyFile(own, join(folder, 'nothing-but-a-hash.model'));
    expect(await hash(join(folder, 'nothing-but-a-hash.model'))).toBe(await hash(own));
  });

  test('what is none of it is left out and named, hidden files are not', async () => {
    const more = ['web/README.md', 'labels.txt', 'web/.DS_Store', '__MACOSX/web/model.json'];
    const others = more.map((name) => ({ name, bytes: text }));
    const { bytes, leftOut } = await bundleOf(await zip([...within('web/'), ...others]), true);
    expect(leftOut).toEqual(['web/README.md', 'labels.txt']);
    expect(Buffer.from(bytes ?? [])).toEqual((await bundleOf(await zip(entries), true)).bytes);
  });

  test.each([
    [
      'a shard is missing',
      entries.slice(0, -1),
      /shard "group1-shard3of3\.bin" is not in the zip beside model\.json/,
    ],
    [
      'a shard is too large',
      changed('group1-shard3of3.bin', Buffer.alloc(999)),
      /has 999 bytes, and weightsManifest has a place for 120/,
    ],
    [
      'a shard is too small',
      changed('group1-shard3of3.bin', Buffer.alloc(8)),
      /are incomplete: copy all of them/,
    ],
    [
      'there are two models',
      [...entries, ...within('web/')],
      /has 2 models \(model\.json, web\/model\.json\)/,
    ],
    ['there is none', entries.slice(1), /has no model\.json/],
    ['a file is there twice', [...entries, ...entries], /has model\.json twice/],
    ['a name climbs', [...entries, { name: '../model.json', bytes: text }], /invalid relative path/],
    [
      'a shard lies elsewhere',
      [{ name: 'model.json', bytes: elsewhere() }],
      /lies outside of the model's folder/,
    ],
    ['a size is a lie', entries.map((entry) => ({ ...entry, claims: 3e9 })), /unpacks to 3000000000 bytes/],
  ])('refused in a line where %s', async (_title, files, message) => {
    const path = await zip(files);
    const error = await bundleOf(path, true).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).not.toContain('\n');
    await expect(readNetwork(path, { alone: true })).rejects.toThrow(message);
  });

  test('a model.json alone is refused where nothing beside it is read', async () => {
    const path = await writeGraph(await place(), model);
    const told = /model\.json: a model\.json alone has no weights: give a zip of its folder/;
    await expect(bundleOf(path, true)).rejects.toThrow(told);
    await expect(readNetwork(path, { alone: true })).rejects.toThrow(told);
  });
});

function changed(name: string, bytes: Uint8Array): ZipEntry[] {
  return entries.map((entry) => (entry.name === name ? { name, bytes } : entry));
}

function elsewhere(): Buffer {
  return Buffer.from(text.toString().replace('group1-shard1of3.bin', '../secret.bin'));
}

test('what came as one file stays as it is, and its bytes tell what it is', async () => {
  const onnx = onnxFile({ inputs: { x: ['n', 3, 6, 6] }, nodes: [node('Relu', ['x'], ['y'])] });
  const layers = await smallLayersModel();
  for (const [bytes, format, extension] of [
    [onnx, 'ONNX', '.onnx'],
    [await kerasFile(layers, { version: 2, file: '.h5' }), 'KERAS', '.h5'],
    [await kerasFile(layers, { version: 3, file: '.keras' }), 'KERAS', '.keras'],
  ] as const) {
    const path = await file('a-hash.model', bytes);
    expect(await bundleOf(path, true)).toMatchObject({
      bytes: null,
      type: { format, extension },
      leftOut: [],
    });
    expect((await readNetwork(path, { alone: true })).network.nodes.length).toBeGreaterThan(0);
  }
});

describe('written as it came', () => {
  const halved = ({ constants, ...network }: Network): Network => ({
    ...network,
    constants: new Map(
      [...constants].map(([name, tensor]) => {
        const isWeight = tensor.dims.length === 4 && tensor.data instanceof Float32Array;
        return [name, isWeight ? { ...tensor, data: tensor.data.map((value) => value / 2) } : tensor];
      }),
    ),
  });

  test('a graph model and a LayersModel under the names that they had, the same bytes each time', async () => {
    const graph = await zip(within('web/'));
    const own = await place();
    const layers = await writeLayers(own, await smallLayersModel());
    const bundle = await file('pose.zip', (await bundleOf(layers)).bytes ?? new Uint8Array());
    for (const [given, format] of [
      [graph, 'TFJS_GRAPH'],
      [bundle, 'TFJS_LAYERS'],
    ] as const) {
      const network = halved((await readNetwork(given, { alone: true })).network);
      const [out, again] = [join(await place(), 'pruned.model'), join(await place(), 'small.zip')];
      const written = await writeNetwork(out, network, { given: { file: given } });
      await writeNetwork(again, network, { given: { file: given } });
      expect(written).toMatchObject({ format, notes: [] });
      expect(await readFile(out)).toEqual(await readFile(again));
      expect(networkHash((await readNetwork(out, { alone: true })).network)).toBe(networkHash(network));
      expect((await bundleOf(out, true)).bytes).toBeNull();
      const { weightSpecs, weightData, ...artifacts } = await readArtifacts(again);
      const load = {
        load: async () => ({
          ...(artifacts.json as { modelTopology: object }),
          weightSpecs: [...weightSpecs] as tf.io.WeightsManifestEntry[],
          weightData: Uint8Array.from(weightData).buffer,
        }),
      };
      await (format === 'TFJS_GRAPH' ? tf.loadGraphModel(load) : tf.loadLayersModel(load));
    }
  });

  test('a model of Keras becomes a graph model', async () => {
    const given = await file(
      'net.h5',
      await kerasFile(await smallLayersModel(), { version: 2, file: '.h5' }),
    );
    const { network } = await readNetwork(given, { alone: true });
    const out = join(await place(), 'pruned.model');
    expect(await writeNetwork(out, halved(network), { given: { file: given } })).toMatchObject({
      format: 'TFJS_GRAPH',
    });
    expect((await bundleOf(out, true)).type.extension).toBe('.zip');
  });

  test('what the model cannot hold is written as ONNX, and a note says why', async () => {
    const given = await zip(entries);
    const { network } = await readNetwork(given, { alone: true });
    const out = join(await place(), 'pruned.model');
    const checkGraph = async () => 'output "y" differs';
    const written = await writeNetwork(out, halved(network), { given: { file: given }, checkGraph });
    expect(written.format).toBe('ONNX');
    expect(written.notes).toEqual([
      'it is written as ONNX: net.zip cannot be written with this network in it: output "y" differs',
    ]);
    expect((await bundleOf(out, true)).type.format).toBe('ONNX');
  });
});

test('a preprocessing goes into the model.json, and nothing else changes', async () => {
  const each = [0, 0, 0, 0];
  const metadata = {
    input: { layout: 'NHWC', channels: 'gray', size: [8, 8], scale: 1, mean: each.slice(3), std: [1] },
    output: 'logits',
  } as const;
  const given = await zip(entries);
  const bytes = await bundleWith(given, metadata);
  const out = await file('with.zip', bytes ?? new Uint8Array());
  const { json: told, weightData } = await readArtifacts(out);
  expect(told.userDefinedMetadata).toEqual({ espalier: metadata });
  expect(weightData).toEqual((await readArtifacts(given)).weightData);
  const keras = await file('net.h5', await kerasFile(await smallLayersModel(), { version: 2, file: '.h5' }));
  expect(await bundleWith(keras, metadata)).toBeUndefined();
});
