import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { writeNetwork } from '@espalier/formats';
import { channelMap, cutNetwork, type Network, prunableGroups, toFloat16 } from '@espalier/network';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import {
  drawAnew,
  f,
  type GraphModel,
  i,
  int32s,
  is,
  random,
  s,
  scaled,
  ss,
  type TfWeight,
  tfNode,
  type,
  writeGraph,
} from '../../formats/test/graph-model.ts';
import { smallLayersModel, writeLayers } from '../../formats/test/layers-model.ts';
import { NetworkBuilder } from '../../network/test/builder.ts';
import { convertModel } from './convert.ts';
import { readModel } from './read-model.ts';

drawAnew();

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'espalier-convert-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let count = 0;
async function place(name: string): Promise<string> {
  const own = join(folder, String(count++));
  await mkdir(own);
  return join(own, name);
}

/** A model in another format, and what was said of it. */
async function converted(file: string, name: string, change = (network: Network) => network) {
  const warnings: string[] = [];
  const observer = { warning: (text: string) => warnings.push(text) };
  const out = await place(name);
  const network = change(await readModel({ file }, observer));
  return { ...(await convertModel({ file }, out, network, observer)), out, warnings };
}

const json = async (path: string) => JSON.parse(await readFile(path, 'utf8'));

const conv = {
  strides: is(1, 1, 1, 1),
  dilations: is(1, 1, 1, 1),
  data_format: s('NHWC'),
  padding: s('SAME'),
};

/** Kept in half precision. */
function halved(weight: TfWeight): TfWeight {
  const values = new Float32Array(new Uint8Array(weight.bytes).buffer);
  const bytes = new Uint8Array(Uint16Array.from(values, toFloat16).buffer);
  return { ...weight, bytes, quantization: { dtype: 'float16', original_dtype: 'float32' } };
}

/** Forms that models of TensorFlow.js may have. */
const forms: Readonly<Record<string, GraphModel>> = {
  'a single pixel of a single channel': {
    nodes: [
      tfNode('Conv2D', ['x', 'w'], 'c', { ...conv, padding: s('VALID') }),
      tfNode('Conv2D', ['c', 'v'], 'd', conv),
      tfNode('Sigmoid', ['d'], 'y'),
    ],
    weights: { w: random(8, 8, 4, 6), v: random(1, 1, 6, 1) },
  },
  'decisions behind the outputs that go by a table': {
    nodes: [
      tfNode('Conv2D', ['x', 'w'], 'c', conv),
      tfNode('ArgMax', ['c', 'axis'], 'a', { output_type: type('DT_INT32') }),
      tfNode('Cast', ['a'], 'f', { SrcT: type('DT_INT32'), DstT: type('DT_FLOAT') }),
      tfNode('Mul', ['f', 'table'], 'y'),
    ],
    weights: { w: random(3, 3, 4, 6), axis: int32s([3], []), table: random(12, 12) },
    inputs: { x: { shape: [-1, 12, 12, 4] } },
  },
  'explicit paddings': {
    nodes: [
      tfNode('Conv2D', ['x', 'w'], 'c', {
        ...conv,
        strides: is(1, 2, 2, 1),
        padding: s('EXPLICIT'),
        explicit_paddings: is(0, 0, 1, 2, 0, 3, 0, 0),
      }),
      tfNode('Relu', ['c'], 'y'),
    ],
    weights: { w: random(3, 3, 4, 6) },
  },
  'several shards': {
    nodes: [
      tfNode('_FusedConv2D', ['x', 'w', 'b'], 'c', {
        ...conv,
        fused_ops: ss('BiasAdd', 'Relu'),
        num_args: i(1),
      }),
      tfNode('Conv2D', ['c', 'v'], 'y', conv),
    ],
    weights: { w: random(3, 3, 4, 6), b: random(6), v: random(3, 3, 6, 5) },
    shardBytes: 500,
  },
  'weights of two bytes with a scale': {
    nodes: [tfNode('Conv2D', ['x', 'w'], 'c', conv), tfNode('Conv2D', ['c', 'v'], 'y', conv)],
    weights: { w: scaled(random(3, 3, 4, 6), 'uint16'), v: scaled(random(3, 3, 6, 5), 'uint8') },
  },
  'half precision': {
    nodes: [tfNode('Conv2D', ['x', 'w'], 'c', conv), tfNode('Conv2D', ['c', 'v'], 'y', conv)],
    weights: { w: halved(random(3, 3, 4, 6)), v: halved(random(3, 3, 6, 5)) },
  },
  'channels first': {
    nodes: [
      tfNode('Conv2D', ['x', 'w'], 'c', { ...conv, data_format: s('NCHW') }),
      tfNode('Relu', ['c'], 'y'),
    ],
    weights: { w: random(3, 3, 4, 6) },
    inputs: { x: { shape: [-1, 4, 8, 8] } },
  },
  'LeakyRelu that is fused': {
    nodes: [
      tfNode('_FusedConv2D', ['x', 'w', 'b'], 'c', {
        ...conv,
        fused_ops: ss('BiasAdd', 'LeakyRelu'),
        num_args: i(1),
        leakyrelu_alpha: f(0.3),
      }),
      tfNode('Conv2D', ['c', 'v'], 'd', conv),
      tfNode('Mean', ['d', 'axes'], 'y'),
    ],
    weights: { w: random(3, 3, 4, 6), b: random(6), v: random(3, 3, 6, 5), axes: int32s([1, 2]) },
  },
};

describe('a graph model becomes ONNX, and of that the same graph model again', () => {
  it.each(Object.keys(forms))('%s', async (name) => {
    const file = await writeGraph(join(folder, name), forms[name] as GraphModel);
    const there = await converted(file, 'net.onnx');
    expect(there.outputs).toHaveLength(1);
    expect(Math.max(...(there.outputs ?? []).map(({ share }) => share ?? 1))).toBeLessThan(1e-5);
    const back = await converted(there.out, 'model.json');
    expect(
      back.warnings.filter((text) => !/stays in the written file$|were converted to float32/.test(text)),
    ).toEqual([]);
    expect(Math.max(...(back.outputs ?? []).map(({ share }) => share ?? 1))).toBeLessThan(1e-5);
    const [given, own] = [await json(file), await json(back.out)];
    expect(own).toEqual(given);
    for (const shard of given.weightsManifest[0].paths)
      expect(await readFile(join(back.out, '..', shard))).toEqual(await readFile(join(file, '..', shard)));
  });
});

/** Of each group every third unit goes. */
function cut(network: Network): Network {
  const map = channelMap(network);
  const structure = prunableGroups(map).map(({ id, width }) => ({
    group: id,
    kept: Array.from({ length: width }, (_, at) => at).filter((at) => at % 3 !== 1),
  }));
  expect(structure.length).toBeGreaterThan(0);
  return cutNetwork(network, map, structure).network;
}

const layersModel = async () => writeLayers(join(folder, String(count++)), await smallLayersModel());

test('a LayersModel becomes ONNX, and of that the same LayersModel again', async () => {
  const file = await layersModel();
  const there = await converted(file, 'net.onnx');
  expect(Math.max(...(there.outputs ?? []).map(({ share }) => share ?? 1))).toBeLessThan(1e-5);
  const back = await converted(there.out, 'model.json');
  expect(back.warnings).toEqual([]);
  expect(back.outputs?.map(({ share }) => (share ?? 1) < 1e-5)).toEqual([true]);
  expect(await json(back.out)).toEqual(await json(file));
  expect(await readFile(join(back.out, '../weights.bin'))).toEqual(
    await readFile(join(file, '../weights.bin')),
  );
});

test('one that was cut as ONNX becomes a LayersModel with fewer filters', async () => {
  const there = await converted(await layersModel(), 'net.onnx');
  const left = await place('left.onnx');
  await writeNetwork(left, cut(await readModel({ file: there.out }, {})), { given: { file: there.out } });
  const back = await converted(left, 'model.json');
  expect(back.warnings).toEqual([]);
  const { modelTopology } = await json(back.out);
  const [first] = modelTopology.config.layers;
  expect(first.config).toMatchObject({ name: 'first', filters: 4, padding: 'same' });
});

test('a network that never was a model becomes a graph model', async () => {
  const b = new NetworkBuilder('net');
  const network = b.build(b.head(b.convBnRelu(b.convBnRelu(b.input([3, 9, 8]), 6), 4), 2));
  const file = await place('net.onnx');
  await writeNetwork(file, network);
  const there = await converted(file, 'model.json');
  expect(there.outputs).toMatchObject([{ name: 'head', shape: [1, 2], agrees: true }]);
  const { format, signature } = await json(there.out);
  expect(format).toBe('graph-model');
  expect(Object.keys(signature.inputs)).toEqual(['input']);
  const back = await converted(there.out, 'again.onnx');
  expect(back.outputs).toMatchObject([{ name: 'head', agrees: true }]);
});

test('an input whose name no graph can have is compared by its name in the signature', async () => {
  const b = new NetworkBuilder('net');
  const network = b.build(b.head(b.convBnRelu(b.input([3, 9, 8]), 6), 2));
  const called = (name: string) => (name === 'input' ? 'serving_default_x:0' : name);
  const file = await place('net.onnx');
  await writeNetwork(file, {
    ...network,
    inputs: network.inputs.map((input) => ({ ...input, name: called(input.name) })),
    nodes: network.nodes.map((node) => ({ ...node, inputs: node.inputs.map(called) })),
  });
  const there = await converted(file, 'model.json');
  expect(there.outputs).toMatchObject([{ name: 'head', shape: [1, 2], agrees: true }]);
});

test('one that cannot become its own model again becomes a graph model, and that is said', async () => {
  const there = await converted(await layersModel(), 'net.onnx');
  const renamed = await converted(there.out, 'model.json', (network) => ({
    ...network,
    nodes: network.nodes.map((node) => ({ ...node, name: `${node.name}_other` })),
  }));
  expect((await json(renamed.out)).format).toBe('graph-model');
  expect(renamed.warnings).toEqual([
    expect.stringMatching(/^a graph model is made of the network, which a page loads/),
  ]);
});

test('what has no counterpart is named with what to do, and nothing is written', async () => {
  const file = join(import.meta.dirname, '../../formats/test/field/eca.onnx');
  const out = await place('model.json');
  const network = await readModel({ file }, {});
  await expect(convertModel({ file }, out, network, {})).rejects.toThrow(
    /^Conv "\/f\/f\.1\/c\/Conv" cannot be written for TensorFlow\.js: its window has 1 dimension.*--output/,
  );
  expect(await readdir(join(out, '..'))).toEqual([]);
});

test('decisions behind the outputs are named with what to do', async () => {
  const file = join(import.meta.dirname, '../../formats/test/field/argmax.onnx');
  const out = await place('model.json');
  const network = await readModel({ file }, {});
  await expect(convertModel({ file }, out, network, {})).rejects.toThrow(
    /ArgMax "ArgMax_14" decides by the network's outputs.*--output t13_0/,
  );
  const ends = await readModel({ file, output: ['t13_0'] }, {});
  expect((await convertModel({ file, output: ['t13_0'] }, out, ends, {})).outputs).toMatchObject([
    { agrees: true },
  ]);
});

test('the same format is refused, and an unknown one', async () => {
  const file = await layersModel();
  const network = await readModel({ file }, {});
  const to = (out: string) => convertModel({ file }, join(folder, out), network, {});
  await expect(to('other.json')).rejects.toThrow(/model\.json already has that format; name \*\.onnx/);
  await expect(to('net.pb')).rejects.toThrow(/net\.pb: name the file \*\.onnx, or \*\.json/);
});

test('a model that an ONNX file carries is not trusted', async () => {
  const there = await converted(await layersModel(), 'net.onnx');
  const bytes = await readFile(there.out);
  const at = bytes.indexOf('H4sI');
  const carried = JSON.parse(
    gunzipSync(Buffer.from(bytes.subarray(at).toString('latin1'), 'base64')).toString(),
  );
  const refusal = async (change: (own: typeof carried) => unknown) => {
    const own = structuredClone(carried);
    change(own);
    const text = gzipSync(JSON.stringify(own)).toString('base64');
    const file = await place('net.onnx');
    // Before it stands how long it is; a file is the sum of its parts, the last of one kind counts.
    const field = (tag: number, value: Buffer) =>
      Buffer.concat([Buffer.from([tag]), varint(value.length), value]);
    const entry = Buffer.concat([field(0x0a, Buffer.from('espalier.tfjs')), field(0x12, Buffer.from(text))]);
    await writeFile(file, Buffer.concat([bytes, field(0x72, entry)]));
    return await converted(file, 'model.json').then(
      () => 'taken',
      (error: Error) => error.message,
    );
  };
  expect(await refusal(() => {})).toBe('taken');
  expect(
    await refusal((own) => {
      own.json.weightsManifest[0].paths = ['../../weights.bin'];
    }),
  ).toMatch(/shard "\.\.\/\.\.\/weights\.bin" lies outside of the model's folder/);
  expect(
    await refusal((own) => {
      own.json.weightsManifest[0].weights[0].shape = [1e6, 1e6];
      own.shards = [[4_000_000_000_704]];
    }),
  ).toMatch(/larger than the file can stand for/);
  expect(
    await refusal((own) => {
      own.weights['first/bias'] = 'AAAA';
    }),
  ).toMatch(/weight "first\/bias" has 3 bytes, and not 24/);
  expect(
    await refusal((own) => {
      own.shards = [[1]];
    }),
  ).toMatch(/shards/);
  expect(
    await refusal((own) => {
      own.shards = 'none';
    }),
  ).toMatch(/is damaged: the model of TensorFlow\.js/);
});

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let left = value; ; left = Math.floor(left / 128)) {
    if (left < 128) return Buffer.from([...bytes, left]);
    bytes.push((left % 128) | 128);
  }
}
