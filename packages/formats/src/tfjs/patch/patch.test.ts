import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  channelMap,
  cutNetwork,
  floatTensor,
  type Network,
  prunableGroups,
  withConstant,
} from '@espalier/network';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  b,
  drawAnew,
  floats,
  type GraphModel,
  i,
  int32s,
  is,
  isSame,
  random,
  runGraph,
  s,
  scaled,
  ss,
  tfNode,
  type,
  writeGraph,
} from '../../../test/graph-model.ts';
import { randomInputs, runOnnx } from '../../../test/runtime.ts';
import { encodeOnnx, readNetwork, writeNetwork } from '../../index.ts';
import { artifactsOf } from '../artifacts.ts';
import { readTfjs, type TfjsFiles } from '../read-files.ts';

drawAnew();

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'espalier-written-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Of each group the units that leave other numbers in each: every third goes, and the last. */
function cut(network: Network): Network {
  const map = channelMap(network);
  const structure = prunableGroups(map).map(({ id, width }, g) => ({
    group: id,
    kept: Array.from({ length: width }, (_, at) => at).filter(
      (at) => width < 3 || (at !== width - 1 && (at + g) % 3 !== 0),
    ),
  }));
  expect(structure.length).toBeGreaterThan(0);
  return cutNetwork(network, map, structure).network;
}

const filesOf = async (path: string) => readTfjs(path, await readFile(path, 'utf8'));

let count = 0;

/** The model of a network that was cut, which computes in TensorFlow.js what the network does in ONNX Runtime. */
async function written(model: GraphModel, change: (network: Network) => Network = cut) {
  const path = await writeGraph(join(folder, `given-${count}`), model);
  const { network } = await readNetwork(path);
  const left = change(network);
  const out = join(folder, `written-${count++}`, 'model.json');
  const { notes, bytes } = await writeNetwork(out, left, { given: { file: path } });
  const [given, files] = [await filesOf(path), await filesOf(out)];
  await expectSame(files, left, model.outputs);
  return { given, files, notes, bytes, left, out, path };
}

async function expectSame(
  files: TfjsFiles,
  network: Network,
  outputs: readonly string[] = ['y'],
): Promise<void> {
  const inputs = randomInputs(network, 1);
  const computed = await runGraph(artifactsOf(files), inputs, outputs);
  const expected = await runOnnx(encodeOnnx(network), inputs);
  for (const name of outputs) {
    const [a, own] = [expected.get(name), computed.get(name)];
    if (!a || !own) throw new Error(`output "${name}" is missing`);
    expect(isSame(a, own)).toBe(true);
  }
}

const bytes = ({ weights }: TfjsFiles) =>
  [...weights.values()].reduce((sum, each) => sum + each.bytes.length, 0);
const conv = {
  strides: is(1, 1, 1, 1),
  dilations: is(1, 1, 1, 1),
  padding: s('SAME'),
  data_format: s('NHWC'),
  T: type('DT_FLOAT'),
};
const fused = (...ops: string[]) => ({ ...conv, fused_ops: ss('BiasAdd', ...ops), num_args: i(1) });

/** Two convolutions, and what is between them. */
const around = (
  between: GraphModel['nodes'],
  weights: GraphModel['weights'] = {},
  width = 9,
): GraphModel => ({
  nodes: [
    tfNode('_FusedConv2D', ['x', 'w1', 'b1'], 'a', fused('Relu')),
    ...between,
    tfNode('Conv2D', ['b', 'w2'], 'y', conv),
  ],
  weights: { w1: random(3, 3, 4, 9), b1: random(9), w2: random(3, 3, width, 5), ...weights },
});

const cases: [string, GraphModel][] = [
  ['a scale for each channel', around([tfNode('Mul', ['a', 'scale'], 'b')], { scale: random(9) })],
  ['a slope for each channel', around([tfNode('Prelu', ['a', 'slope'], 'b')], { slope: random(1, 1, 9) })],
  [
    'a depthwise convolution',
    around([tfNode('DepthwiseConv2dNative', ['a', 'd'], 'b', conv)], { d: random(3, 3, 9, 1) }),
  ],
  [
    'pads of pixels',
    around([tfNode('Pad', ['a', 'pads'], 'b')], { pads: int32s([0, 0, 1, 1, 1, 1, 0, 0], [4, 2]) }),
  ],
  [
    'channels that are added as zeros',
    around([tfNode('Pad', ['a', 'pads'], 'b')], { pads: int32s([0, 0, 0, 0, 0, 0, 0, 3], [4, 2]) }, 12),
  ],
  [
    'pads that two nodes read, and need differently',
    around(
      [
        tfNode('Pad', ['a', 'pads'], 'p'),
        tfNode('Conv2D', ['p', 'v'], 'c', conv),
        tfNode('Pad', ['c', 'pads'], 'b'),
      ],
      { pads: int32s([0, 0, 0, 0, 0, 0, 0, 3], [4, 2]), v: random(3, 3, 12, 10) },
      13,
    ),
  ],
  [
    'channels that are added as zeros to a residual, and go with those of it',
    {
      nodes: [
        tfNode('Conv2D', ['x', 'w1'], 'a', conv),
        tfNode('Pad', ['a', 'pads'], 'p'),
        tfNode('Conv2D', ['a', 'w2'], 'c', conv),
        tfNode('AddV2', ['p', 'c'], 's'),
        tfNode('Relu', ['s'], 'r'),
        tfNode('Conv2D', ['r', 'w3'], 'y', conv),
      ],
      weights: {
        ...{ w1: random(3, 3, 4, 6), w2: random(3, 3, 6, 11), w3: random(3, 3, 11, 3) },
        pads: int32s([0, 0, 0, 0, 0, 0, 0, 5], [4, 2]),
      },
    },
  ],
  [
    'pads that two residuals read, and need differently',
    {
      nodes: [
        tfNode('Conv2D', ['x', 'w1'], 'a', conv),
        tfNode('Pad', ['a', 'pads'], 'p'),
        tfNode('Conv2D', ['a', 'w2'], 'c', conv),
        tfNode('AddV2', ['p', 'c'], 's'),
        tfNode('Pad', ['s', 'pads'], 'q'),
        tfNode('Conv2D', ['s', 'w4'], 'd', conv),
        tfNode('AddV2', ['q', 'd'], 't'),
        tfNode('Conv2D', ['t', 'w3'], 'y', conv),
      ],
      weights: {
        ...{
          w1: random(3, 3, 4, 6),
          w2: random(3, 3, 6, 11),
          w3: random(3, 3, 16, 3),
          w4: random(3, 3, 11, 16),
        },
        pads: int32s([0, 0, 0, 0, 0, 0, 0, 5], [4, 2]),
      },
    },
  ],
  [
    'a gate for each channel, made of a mean',
    {
      nodes: [
        tfNode('Conv2D', ['x', 'w1'], 'a', conv),
        tfNode('Mean', ['a', 'axes'], 'm', { keep_dims: b(true) }),
        tfNode('Conv2D', ['m', 'w2'], 'u', conv),
        tfNode('Sigmoid', ['u'], 'g'),
        tfNode('Mul', ['a', 'g'], 's'),
        tfNode('Conv2D', ['s', 'w3'], 'y', conv),
      ],
      weights: {
        ...{ w1: random(3, 3, 4, 6), w2: random(1, 1, 6, 6), w3: random(3, 3, 6, 3) },
        axes: int32s([1, 2]),
      },
    },
  ],
  [
    'channels in equal parts that do not stay equal',
    around(
      [
        tfNode('Split', ['axis', 'a'], 'p', { num_split: i(3), T: type('DT_FLOAT') }),
        tfNode('Relu', ['p:1'], 'r'),
        tfNode('ConcatV2', ['p:2', 'r', 'axis'], 'b', { N: i(2) }),
      ],
      { axis: int32s([3], []) },
      6,
    ),
  ],
  [
    'channels in parts of given sizes',
    around(
      [
        tfNode('SplitV', ['a', 'sizes', 'axis'], 'p', { num_split: i(2) }),
        tfNode('ConcatV2', ['p:1', 'p', 'axis'], 'b', { N: i(2) }),
      ],
      { sizes: int32s([4, 5]), axis: int32s([3], []) },
    ),
  ],
  ...[
    ['BroadcastTo', ['zero', 'size']],
    ['Fill', ['size', 'zero']],
    ['ZerosLike', ['a']],
    ['OnesLike', ['a']],
  ].map(([op, inputs]): [string, GraphModel] => [
    `a state as wide as what it meets, by ${op}`,
    {
      nodes: [
        tfNode('_FusedConv2D', ['x', 'w1', 'b1'], 'a', fused('Relu')),
        tfNode('_FusedConv2D', ['x', 'w3', 'b3'], 'g', fused('Sigmoid')),
        ...(inputs?.includes('size') ? [tfNode('Shape', ['a'], 'size', { T: type('DT_FLOAT') })] : []),
        tfNode(op as string, inputs as string[], 'h', { T: type('DT_FLOAT') }),
        tfNode('ConcatV2', ['a', 'h', 'axis'], 'c', { N: i(2) }),
        tfNode('Add', ['g', 'h'], 'm'),
        tfNode('ConcatV2', ['c', 'm', 'axis'], 'b', { N: i(2) }),
        tfNode('Conv2D', ['b', 'w2'], 'y', conv),
      ],
      weights: {
        ...{ w1: random(3, 3, 4, 9), b1: random(9), w2: random(3, 3, 27, 5) },
        ...{ w3: random(3, 3, 4, 9), b3: random(9), axis: int32s([3], []), zero: floats([], [0.5]) },
      },
    },
  ]),
  [
    'some of the channels',
    around(
      [
        tfNode('StridedSlice', ['a', 'begin', 'end', 'strides'], 'b', {
          begin_mask: i(0),
          end_mask: i(0),
          ellipsis_mask: i(1),
        }),
      ],
      { begin: int32s([0, 2]), end: int32s([0, 8]), strides: int32s([1, 1]) },
      6,
    ),
  ],
  [
    'channels the other way round',
    around(
      [
        tfNode('StridedSlice', ['a', 'begin', 'end', 'strides'], 'b', {
          begin_mask: i(2),
          end_mask: i(2),
          ellipsis_mask: i(1),
        }),
      ],
      { begin: int32s([0, 0]), end: int32s([0, 0]), strides: int32s([1, -1]) },
    ),
  ],
  [
    'a piece',
    around(
      [tfNode('Slice', ['a', 'begin', 'size'], 'b')],
      { begin: int32s([0, 0, 0, 0]), size: int32s([-1, -1, -1, 6]) },
      6,
    ),
  ],
  [
    'chosen channels',
    around(
      [tfNode('GatherV2', ['a', 'places', 'axis'], 'b')],
      { places: int32s([7, 1, 4]), axis: int32s([3], []) },
      3,
    ),
  ],
  [
    'a product behind pixels laid out flat',
    {
      nodes: [
        tfNode('Conv2D', ['x', 'w1'], 'a', conv),
        tfNode('Reshape', ['a', 'flat'], 'r'),
        tfNode('MatMul', ['r', 'w2'], 'y', { T: type('DT_FLOAT') }),
      ],
      weights: { w1: random(3, 3, 4, 6), flat: int32s([-1, 384]), w2: random(384, 3) },
    },
  ],
  [
    'a mean of pixels in front of a product',
    {
      nodes: [
        tfNode('Conv2D', ['x', 'w1'], 'a', conv),
        tfNode('Mean', ['a', 'axes'], 'm', { keep_dims: b(false) }),
        tfNode('_FusedMatMul', ['m', 'w2', 'b2'], 'y', {
          fused_ops: ss('BiasAdd'),
          num_args: i(1),
          T: type('DT_FLOAT'),
        }),
      ],
      weights: { w1: random(3, 3, 4, 6), axes: int32s([1, 2]), w2: random(6, 3), b2: random(3) },
    },
  ],
];

describe('a cut network is written as the model that it came as', () => {
  test.each(cases)('%s', async (_, model) => {
    const { given, files, notes } = await written(model);
    expect(bytes(files)).toBeLessThan(bytes(given));
    expect(notes).toEqual([]);
  });
});

const residual: GraphModel = around(
  [tfNode('Conv2D', ['a', 'v'], 'c', conv), tfNode('AddV2', ['a', 'c'], 'b')],
  {
    v: random(3, 3, 9, 9),
  },
);

test('names, signature, shards and all that a network does not tell stay', async () => {
  const { given, files, out } = await written({ ...residual, shardBytes: 500 });
  const names = ({ nodes }: TfjsFiles) => nodes.map(({ name }) => name);
  expect(names(files)).toEqual(names(given));
  const { modelTopology: _, weightsManifest: __, ...rest } = given.json;
  expect(files.json).toMatchObject(rest);
  const shards = (await readdir(join(out, '..'))).filter((name) => name.endsWith('.bin'));
  expect(shards.length).toBeGreaterThan(3);
  expect(files.shards[0]?.slice(0, -1).every((length) => length === 500)).toBe(true);
});

test('a new bias is fused into the node, or follows it under its name', async () => {
  const { files } = await written(residual, (network) => withBias(cut(network), 'y'));
  expect(files.nodes.find(({ name }) => name === 'y')).toMatchObject({
    op: '_FusedConv2D',
    input: ['b', 'w2', 'y/bias'],
  });
  const transposed: GraphModel = {
    nodes: [
      tfNode('Conv2D', ['x', 'w1'], 'a', conv),
      tfNode('Conv2DBackpropInput', ['sizes', 'w2', 'a'], 'y', { ...conv, strides: is(1, 2, 2, 1) }),
    ],
    weights: { w1: random(3, 3, 4, 6), sizes: int32s([1, 16, 16, 3]), w2: random(3, 3, 3, 6) },
  };
  const behind = await written(transposed, (network) => withBias(cut(network), undefined));
  expect(behind.files.nodes.at(-1)).toMatchObject({ op: 'BiasAdd', name: 'y' });
  const between: GraphModel = {
    nodes: [
      tfNode('Conv2D', ['x', 'w1'], 'a', conv),
      tfNode('Conv2DBackpropInput', ['sizes', 'w2', 'a'], 't', { ...conv, strides: is(1, 2, 2, 1) }),
      tfNode('Conv2D', ['t', 'w3'], 'y', conv),
    ],
    weights: {
      w1: random(3, 3, 4, 6),
      sizes: int32s([1, 16, 16, 6]),
      w2: random(3, 3, 6, 6),
      w3: random(1, 1, 6, 2),
    },
  };
  const narrow = await written(between, (network) => withBias(cut(network), 't'));
  expect(narrow.files.nodes.find(({ name }) => name === 't')).toMatchObject({ op: 'BiasAdd' });
  expect(narrow.files.weights.get('w2')?.spec.shape).toEqual([3, 3, 4, 3]);
  const product: GraphModel = {
    nodes: [tfNode('Conv2D', ['x', 'w1'], 'a', conv), tfNode('BatchMatMulV2', ['a', 'w2'], 'y')],
    weights: { w1: random(3, 3, 4, 6), w2: random(6, 3) },
  };
  const added = await written(product, (network) => withAddition(cut(network)));
  expect(added.files.nodes.at(-1)).toMatchObject({ op: 'BiasAdd', name: 'y' });
});

/** As a repair gives a product the bias that it has no room for. */
function withAddition(network: Network): Network {
  const bias = floatTensor([3], Float32Array.of(0.5, -1, 2));
  const sum = { name: 'y/Add', op: 'Add', inputs: ['y/product', 'y/bias'], outputs: ['y'], attributes: {} };
  return {
    ...withConstant(network, 'y/bias', bias, ''),
    nodes: network.nodes.flatMap((node) =>
      node.name === 'y' ? [{ ...node, outputs: ['y/product'] }, sum] : [node],
    ),
  };
}

/** With a bias for the last layer, or the layer of this name. */
function withBias(network: Network, name: string | undefined): Network {
  const last = network.nodes.findLast(
    (node) => /^Conv/.test(node.op) && (name === undefined || node.name === name),
  );
  if (!last) throw new Error('no layer');
  const dims = network.constants.get(last.inputs[1] ?? '')?.dims ?? [];
  const size = (last.op === 'Conv' ? dims[0] : dims[1]) ?? 1;
  const bias = floatTensor(
    [size],
    Float32Array.from({ length: size }, (_, at) => at / size),
  );
  const added = withConstant(network, 'bias', bias, last.inputs[1] ?? '');
  return {
    ...added,
    nodes: added.nodes.map((node) => (node === last ? { ...node, inputs: [...node.inputs, 'bias'] } : node)),
  };
}

describe('weights that are integers with a scale', () => {
  const model = (dtype: 'uint8' | 'uint16'): GraphModel => ({
    ...residual,
    weights: Object.fromEntries(
      Object.entries(residual.weights ?? {}).map(([name, each]) => [name, scaled(each, dtype)]),
    ),
  });

  test.each(['uint8', 'uint16'] as const)(
    'are the same %s numbers where channels were only taken out',
    async (dtype) => {
      const { given, files, notes } = await written(model(dtype));
      expect(notes).toEqual([]);
      expect(files.weights.get('v')?.spec.quantization).toEqual(given.weights.get('v')?.spec.quantization);
    },
  );

  test('get a scale of their own where numbers changed, and what rounding does is told', async () => {
    const path = await writeGraph(join(folder, 'rounded'), model('uint8'));
    const { network } = await readNetwork(path);
    const [name = '', tensor] = [...network.constants].find(([, { dims }]) => `${dims}` === '9,9,3,3') ?? [];
    const data = Float32Array.from(tensor?.data as Float32Array, (value, at) => value * (at % 5));
    const changed = {
      ...network,
      constants: new Map(network.constants).set(name, { dims: [9, 9, 3, 3], data }),
    };
    const out = join(folder, 'rounded-out', 'model.json');
    const { notes } = await writeNetwork(out, changed, { given: { file: path } });
    expect(notes[0]).toMatch(/^1 weight\(s\) are rounded to the integers .*: 0\.\d+ % of their norm$/);
    const files = await filesOf(out);
    expect(files.weights.get('v')?.spec.quantization).toMatchObject({ dtype: 'uint8' });
    const read = (await readNetwork(out)).network.constants.get(name)?.data ?? [];
    const step = (Math.max(...data) - Math.min(...data)) / 255;
    data.forEach((value, at) => {
      expect(Math.abs(value - Number(read[at]))).toBeLessThanOrEqual(step);
    });
  });
});

test('beside its own model the shards get other names, and those of another model are not replaced', async () => {
  const { path, left } = await written(residual);
  await writeNetwork(join(path, '..', 'small.json'), left, { given: { file: path } });
  expect(await readdir(join(path, '..'))).toEqual(
    expect.arrayContaining([
      'group1-shard1of1.bin',
      'small.group1-shard1of1.bin',
      'model.json',
      'small.json',
    ]),
  );
  await expectSame(await filesOf(join(path, '..', 'small.json')), left);
  const other = await writeGraph(join(folder, 'other'), residual);
  await expect(writeNetwork(join(other, '..', 'mine.json'), left, { given: { file: path } })).rejects.toThrow(
    /belongs to another model; choose a folder of its own/,
  );
  expect(await readdir(join(other, '..'))).not.toContain('mine.json');
});

test('a network without a model is written as one of its own, and any as ONNX', async () => {
  const { left, path } = await written(residual);
  await writeNetwork(join(folder, 'x.json'), left);
  await expectSame(await filesOf(join(folder, 'x.json')), left);
  const onnx = join(folder, 'x.onnx');
  await writeNetwork(onnx, left, { given: { file: path } });
  expect((await readNetwork(onnx)).network.inputs).toEqual(left.inputs);
});
