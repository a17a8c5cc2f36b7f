import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Network } from '@espalier/network';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  b,
  drawAnew,
  f,
  floats,
  type GraphModel,
  i,
  int32s,
  is,
  isSame,
  random,
  runGraph,
  s,
  ss,
  type TfWeight,
  tfNode,
  type,
  writeGraph,
} from '../../test/graph-model.ts';
import { randomInputs, runOnnx } from '../../test/runtime.ts';
import { encodeOnnx, readNetwork } from '../index.ts';
import { artifactsOf } from './artifacts.ts';
import { readTfjs } from './read-files.ts';

drawAnew();

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'espalier-graph-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let count = 0;

/** Reads a model, and checks that what was read computes in ONNX Runtime what TensorFlow.js computes of the file. */
async function expectSame(model: GraphModel): Promise<Network> {
  const path = await writeGraph(join(folder, String(count++)), model);
  const { network } = await readNetwork(path);
  const files = await readTfjs(path, await readFile(path, 'utf8'));
  const inputs = randomInputs(network, 1);
  const outputs = network.tail?.outputs ?? network.outputs;
  const whole = new Set(network.inputs.flatMap(({ name, type: own }) => (own ? [name] : [])));
  const expected = await runGraph(artifactsOf(files), inputs, outputs, whole);
  const actual = await runOnnx(encodeOnnx(network), inputs);
  for (const name of outputs) {
    const [a, own] = [expected.get(name), actual.get(name)];
    if (!a || !own) throw new Error(`output "${name}" is missing`);
    expect(a.data.some((value) => value !== 0)).toBe(true);
    expect(own.dims).toEqual(a.dims);
    expect(isSame(a, own)).toBe(true);
  }
  return network;
}

const conv = {
  strides: is(1, 1, 1, 1),
  padding: s('SAME'),
  data_format: s('NHWC'),
  dilations: is(1, 1, 1, 1),
};
const odd = { x: { shape: [-1, 7, 9, 4] } };

type Case = [string, GraphModel];
const one = (
  title: string,
  op: string,
  attr: object,
  weights: Record<string, TfWeight>,
  inputs?: GraphModel['inputs'],
  operands = Object.keys(weights),
): Case => [
  title,
  {
    nodes: [tfNode(op, ['x', ...operands], 'y', attr as GraphModel['nodes'][number]['attr'])],
    weights,
    ...(inputs && { inputs }),
  },
];

const stride2 = { ...conv, strides: is(1, 2, 2, 1) };
const windows: Case[] = [
  one('SAME', 'Conv2D', conv, { w: random(3, 3, 4, 5) }),
  one('SAME at stride 2, even', 'Conv2D', stride2, { w: random(3, 3, 4, 5) }),
  one('SAME at stride 2, odd', 'Conv2D', stride2, { w: random(3, 3, 4, 5) }, odd),
  one('SAME of an even window', 'Conv2D', stride2, { w: random(2, 4, 4, 5) }, odd),
  one('SAME, dilated', 'Conv2D', { ...conv, dilations: is(1, 2, 3, 1) }, { w: random(3, 3, 4, 5) }),
  one('VALID', 'Conv2D', { ...stride2, padding: s('VALID') }, { w: random(3, 3, 4, 5) }),
  one(
    'explicit paddings',
    'Conv2D',
    { ...conv, padding: s('EXPLICIT'), explicit_paddings: is(0, 0, 1, 2, 0, 3, 0, 0) },
    { w: random(3, 3, 4, 5) },
  ),
  one(
    'channels first',
    'Conv2D',
    { ...conv, data_format: s('NCHW') },
    { w: random(3, 3, 4, 5) },
    { x: { shape: [-1, 4, 7, 9] } },
  ),
  one('depthwise', 'DepthwiseConv2dNative', stride2, { w: random(3, 3, 4, 1) }),
  one('depthwise, two for each channel', 'DepthwiseConv2dNative', conv, { w: random(3, 3, 4, 2) }),
  one(
    'fused bias and Relu6',
    '_FusedConv2D',
    { ...conv, fused_ops: ss('BiasAdd', 'Relu6'), num_args: i(1) },
    { w: random(3, 3, 4, 5), bias: random(5) },
  ),
  one(
    'fused Prelu',
    '_FusedConv2D',
    { ...conv, fused_ops: ss('BiasAdd', 'Prelu'), num_args: i(2) },
    { w: random(3, 3, 4, 5), bias: random(5), slope: random(1, 1, 5) },
  ),
  one(
    'fused LeakyRelu with an alpha',
    '_FusedConv2D',
    { ...conv, fused_ops: ss('BiasAdd', 'LeakyRelu'), num_args: i(1), leakyrelu_alpha: f(0.3) },
    { w: random(3, 3, 4, 5), bias: random(5) },
  ),
  one(
    'fused depthwise',
    'FusedDepthwiseConv2dNative',
    { ...conv, fused_ops: ss('BiasAdd', 'Relu'), num_args: i(1) },
    { w: random(3, 3, 4, 1), bias: random(4) },
  ),
  one('largest of a window', 'MaxPool', { ...stride2, ksize: is(1, 3, 3, 1) }, {}, odd),
  one('average of a window, padded', 'AvgPool', { ...stride2, ksize: is(1, 3, 3, 1) }, {}, odd),
  ['transposed', transposed(is(1, 2, 2, 1), 'SAME', [1, 16, 16, 3])],
  ['transposed, to an odd size', transposed(is(1, 2, 2, 1), 'SAME', [1, 15, 15, 3])],
  ['transposed, VALID and beyond its windows', transposed(is(1, 3, 3, 1), 'VALID', [1, 25, 25, 3])],
  [
    'transposed, to a size that is computed',
    {
      nodes: [
        tfNode('Shape', ['x'], 'shape', { out_type: type('DT_INT32') }),
        tfNode('StridedSlice', ['shape', 'zero', 'one', 'one'], 'batch', { shrink_axis_mask: i(1) }),
        tfNode('Pack', ['batch', 'size', 'size', 'channels'], 'sizes', { axis: i(0) }),
        tfNode('Conv2DBackpropInput', ['sizes', 'w', 'x'], 'y', stride2),
      ],
      weights: {
        w: random(3, 3, 2, 4),
        zero: int32s([0]),
        one: int32s([1]),
        size: int32s([16], []),
        channels: int32s([2], []),
      },
    },
  ],
  [
    'a dilation that is spelled with batches',
    {
      nodes: [
        tfNode('SpaceToBatchND', ['x', 'block', 'pads'], 'blocks'),
        tfNode('DepthwiseConv2dNative', ['blocks', 'w'], 'conv', { ...conv, padding: s('VALID') }),
        tfNode('BatchToSpaceND', ['conv', 'block', 'crops'], 'y'),
      ],
      weights: {
        w: random(3, 3, 4, 1),
        block: int32s([2, 2]),
        pads: int32s([2, 3, 2, 3], [2, 2]),
        crops: int32s([0, 1, 0, 1], [2, 2]),
      },
      inputs: odd,
    },
  ],
];

function transposed(strides: object, padding: string, sizes: readonly number[]): GraphModel {
  return {
    nodes: [
      tfNode('Conv2DBackpropInput', ['sizes', 'w', 'x'], 'y', { ...conv, strides, padding: s(padding) }),
    ],
    weights: { sizes: int32s(sizes), w: random(3, 3, sizes[3] ?? 1, 4) },
  };
}

const masks = (begin: number, end: number, ellipsis: number, added: number, shrink: number) => ({
  begin_mask: i(begin),
  end_mask: i(end),
  ellipsis_mask: i(ellipsis),
  new_axis_mask: i(added),
  shrink_axis_mask: i(shrink),
});
const slice = (title: string, lists: readonly (readonly number[])[], attr: object): Case => {
  const [begin = [], end = [], strides = []] = lists;
  return one(title, 'StridedSlice', attr, {
    begin: int32s(begin),
    end: int32s(end),
    strides: int32s(strides),
  });
};
const list = (...values: number[]) => values;
const slices: Case[] = [
  slice('rows', [list(0, 2), list(0, 5), list(1, 1)], masks(1, 1, 0, 0, 0)),
  slice('channels behind an ellipsis', [list(0, 1), list(0, 3), list(1, 1)], masks(0, 0, 1, 0, 0)),
  slice('one channel', [list(0, -1), list(0, 0), list(1, 1)], masks(0, 0, 1, 0, 2)),
  slice('backwards', [list(0, 0), list(0, 0), list(1, -1)], masks(3, 3, 0, 0, 0)),
  slice('in steps', [list(0, 1, 0), list(0, 8, 0), list(1, 2, 3)], masks(5, 5, 0, 0, 0)),
  slice(
    'a new axis and a lost one',
    [list(0, 0, 3, 0), list(0, 0, 4, 0), list(1, 1, 1, 1)],
    masks(9, 9, 0, 2, 4),
  ),
  slice('a new axis behind an ellipsis', [list(0, 0, 2), list(0, 0, 3), list(1, 1, 1)], masks(0, 0, 1, 2, 0)),
];

const unary = [
  'Abs',
  'Cos',
  'Elu',
  'Erf',
  'Exp',
  'Expm1',
  'Floor',
  'Relu6',
  'Round',
  'Selu',
  'Sigmoid',
  'Sin',
]
  .concat(['Softmax', 'Softplus', 'Square', 'Tanh', 'Neg', 'Ceil', 'Atan'])
  .map((op) => one(op, op, {}, {}));
const scalar = random(1, 1, 1, 4);
const layout: Case[] = [
  ['a Prelu', { nodes: [tfNode('Prelu', ['x', 'slope'], 'y')], weights: { slope: random(1, 1, 4) } }],
  [
    'several values added',
    { nodes: [tfNode('Relu', ['x'], 'r'), tfNode('AddN', ['x', 'r', 'x'], 'y', { N: i(3) })] },
  ],
  ['a squared difference', { nodes: [tfNode('SquaredDifference', ['x', 'd'], 'y')], weights: { d: scalar } }],
  [
    'a quotient rounded down',
    { nodes: [tfNode('FloorDiv', ['x', 'd'], 'y', { T: type('DT_FLOAT') })], weights: { d: scalar } },
  ],
  [
    'a quotient that is zero where it is divided by zero',
    {
      nodes: [tfNode('Relu', ['x'], 'r'), tfNode('DivNoNan', ['x', 'r'], 'y', { T: type('DT_FLOAT') })],
    },
  ],
  ['an angle', { nodes: [tfNode('Atan2', ['x', 'd'], 'y')], weights: { d: scalar } }],
  [
    'limits',
    {
      nodes: [tfNode('ClipByValue', ['x', 'low', 'high'], 'y')],
      weights: { low: floats([], [-0.4]), high: floats([], [0.3]) },
    },
  ],
  [
    'pads of pixels, with a value',
    {
      nodes: [tfNode('PadV2', ['x', 'pads', 'value'], 'y')],
      weights: { pads: int32s([0, 0, 1, 2, 0, 3, 0, 0], [4, 2]), value: { ...random(1), shape: [] } },
    },
  ],
  [
    'mirrored pads',
    {
      nodes: [tfNode('MirrorPad', ['x', 'pads'], 'y', { mode: s('REFLECT') })],
      weights: { pads: int32s([0, 0, 1, 2, 2, 1, 0, 0], [4, 2]) },
    },
  ],
  [
    'a mean of pixels',
    {
      nodes: [tfNode('Mean', ['x', 'axes'], 'y', { keep_dims: b(true) })],
      weights: { axes: int32s([1, 2]) },
    },
  ],
  [
    'the largest channel',
    {
      nodes: [tfNode('Max', ['x', 'axes'], 'y', { keep_dims: b(false) })],
      weights: { axes: int32s([-1], []) },
    },
  ],
  [
    'channels moved',
    { nodes: [tfNode('Transpose', ['x', 'perm'], 'y')], weights: { perm: int32s([0, 3, 1, 2]) } },
  ],
  [
    'an axis added and taken away',
    {
      nodes: [
        tfNode('ExpandDims', ['x', 'axis'], 'e'),
        tfNode('Squeeze', ['e'], 'y', { squeeze_dims: is(-2) }),
      ],
      weights: { axis: int32s([-2], []) },
    },
  ],
  [
    'equal parts',
    {
      nodes: [tfNode('Split', ['axis', 'x'], 'p', { num_split: i(2) }), tfNode('Sub', ['p', 'p:1'], 'y')],
      weights: { axis: int32s([3], []) },
    },
  ],
  [
    'parts of given sizes, joined the other way round',
    {
      nodes: [
        tfNode('SplitV', ['x', 'sizes', 'axis'], 'p', { num_split: i(2) }),
        tfNode('ConcatV2', ['p:1', 'p', 'axis'], 'y', { N: i(2) }),
      ],
      weights: { sizes: int32s([1, 3]), axis: int32s([-1], []) },
    },
  ],
  [
    'rows taken apart and put together',
    {
      nodes: [
        tfNode('Unpack', ['x'], 'u', { num: i(4), axis: i(3) }),
        tfNode('Pack', ['u:3', 'u', 'u:1'], 'y', { axis: i(1) }),
      ],
    },
  ],
  [
    'blocks of channels',
    { nodes: [tfNode('DepthToSpace', ['x'], 'y', { block_size: i(2), data_format: s('NHWC') })] },
  ],
  ['tiles', { nodes: [tfNode('Tile', ['x', 'times'], 'y')], weights: { times: int32s([1, 2, 1, 1]) } }],
  [
    'a piece',
    {
      nodes: [tfNode('Slice', ['x', 'begin', 'size'], 'y')],
      weights: { begin: int32s([0, 2, 0, 1]), size: int32s([-1, 3, -1, 2]) },
    },
  ],
  [
    'a product',
    {
      nodes: [
        tfNode('Reshape', ['x', 'shape'], 'r'),
        tfNode('MatMul', ['r', 'w'], 'y', { transpose_b: b(true) }),
      ],
      weights: { shape: int32s([-1, 256]), w: random(3, 256) },
    },
  ],
  [
    'products of tables whose last axes are turned, of which one has fewer axes in front',
    {
      nodes: [
        tfNode('BatchMatMulV2', ['x', 'w'], 'a', { adj_y: b(true) }),
        tfNode('StridedSlice', ['x', 'zeros', 'ends', 'ones'], 'first', { shrink_axis_mask: i(3) }),
        tfNode('BatchMatMulV2', ['first', 'a'], 'y', { adj_x: b(true) }),
      ],
      weights: {
        ...{ w: random(1, 8, 5, 4), zeros: int32s([0, 0, 0, 0]), ends: int32s([1, 1, 8, 4]) },
        ones: int32s([1, 1, 1, 1]),
      },
      inputs: { x: { shape: [1, 8, 8, 4] } },
    },
  ],
  [
    'indices that are repeated by a product of whole numbers',
    {
      nodes: [
        tfNode('MatMul', ['column', 'row'], 'table', { T: type('DT_INT32') }),
        tfNode('Reshape', ['table', 'flat'], 'places'),
        tfNode('GatherV2', ['x', 'places', 'axis'], 'y'),
      ],
      weights: {
        ...{ column: int32s([0, 2], [2, 1]), row: int32s([1, 1, 1], [1, 3]) },
        ...{ flat: int32s([-1]), axis: int32s([3], []) },
      },
    },
  ],
  [
    'a fused product',
    {
      nodes: [
        tfNode('Reshape', ['x', 'shape'], 'r'),
        tfNode('_FusedMatMul', ['r', 'w', 'bias'], 'y', { fused_ops: ss('BiasAdd', 'Relu'), num_args: i(1) }),
      ],
      weights: { shape: int32s([-1, 256]), w: random(256, 3), bias: random(3) },
    },
  ],
  [
    'a BatchNorm',
    {
      nodes: [
        tfNode('FusedBatchNormV3', ['x', 'scale', 'shift', 'mean', 'variance'], 'y', {
          epsilon: f(0.001),
          data_format: s('NHWC'),
        }),
      ],
      weights: {
        scale: random(4),
        shift: random(4),
        mean: random(4),
        variance: { ...random(4), bytes: new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer) },
      },
    },
  ],
  [
    'entries of a list',
    {
      nodes: [tfNode('GatherV2', ['x', 'places', 'axis'], 'y')],
      weights: { places: int32s([2, 0]), axis: int32s([3], []) },
    },
  ],
];
const resizes = [true, false].flatMap((corners) =>
  [true, false].flatMap((half) =>
    ['ResizeBilinear', 'ResizeNearestNeighbor'].flatMap((op): Case[] =>
      corners && half
        ? []
        : [
            one(
              `${op}, ${corners ? 'corners aligned' : half ? 'half pixels' : 'neither'}`,
              op,
              { align_corners: b(corners), half_pixel_centers: b(half) },
              { size: int32s([13, 20]) },
            ),
          ],
    ),
  ),
);

describe('is read as what TensorFlow.js computes', () => {
  test.each([...windows, ...slices, ...unary, ...layout, ...resizes])('%s', async (_, model) => {
    await expectSame(model);
  });
});

test('between convolutions no Transpose is left', async () => {
  const network = await expectSame({
    nodes: [
      tfNode('_FusedConv2D', ['x', 'w1', 'b1'], 'first', {
        ...conv,
        fused_ops: ss('BiasAdd', 'Relu'),
        num_args: i(1),
      }),
      tfNode('Mul', ['first', 'scale'], 'scaled'),
      tfNode('Pad', ['scaled', 'pads'], 'padded'),
      tfNode('Conv2D', ['padded', 'w2'], 'y', conv),
    ],
    weights: {
      ...{ w1: random(3, 3, 4, 6), b1: random(6), scale: random(6), w2: random(3, 3, 6, 5) },
      pads: int32s([0, 0, 1, 1, 1, 1, 0, 0], [4, 2]),
    },
  });
  expect(network.nodes.map(({ op }) => op)).toEqual([
    'Transpose',
    'Conv',
    'Relu',
    'Mul',
    'Pad',
    'Conv',
    'Transpose',
  ]);
});

test('what decides by the outputs is translated, and stays as it is', async () => {
  const network = await expectSame({
    inputs: { x: { shape: [1, 8, 8, 4] } },
    outputs: ['y', 'top', 'top:1'],
    nodes: [
      tfNode('Conv2D', ['x', 'w'], 'heat', conv),
      tfNode('Reshape', ['heat', 'flat'], 'scores'),
      tfNode('TopKV2', ['scores', 'two'], 'top', { sorted: b(true) }),
      tfNode('FloorDiv', ['top:1', 'width'], 'rows', { T: type('DT_INT32') }),
      tfNode('FloorMod', ['top:1', 'width'], 'columns', { T: type('DT_INT32') }),
      tfNode('Pack', ['zeros', 'rows', 'columns'], 'places', { axis: i(-1) }),
      tfNode('GatherNd', ['heat', 'places'], 'y'),
    ],
    weights: {
      w: random(3, 3, 4, 1),
      flat: int32s([1, -1]),
      two: int32s([2], []),
      width: int32s([8], []),
      zeros: int32s([0, 0], [1, 2]),
    },
  });
  expect(network.outputs).toEqual(['heat', 'scores']);
});

test('a picture that is taken out of its batch and put into one again', async () => {
  const network = await expectSame({
    inputs: { x: { shape: [1, 8, 8, 4], type: 'DT_INT32' } },
    nodes: [
      tfNode('Cast', ['x'], 'floats', { SrcT: type('DT_INT32'), DstT: type('DT_FLOAT') }),
      tfNode('Unpack', ['floats'], 'picture', { num: i(1), axis: i(0) }),
      tfNode('ExpandDims', ['picture', 'zero'], 'batch'),
      tfNode('Conv2D', ['batch', 'w'], 'y', conv),
    ],
    weights: { zero: int32s([0], []), w: random(3, 3, 4, 5) },
  });
  expect(network.inputs).toEqual([{ name: 'x', shape: [-1, 8, 8, 4], type: 'int32' }]);
});
