import { readFile } from 'node:fs/promises';
import { networkCost } from '@espalier/network';
import { expect, test } from 'vitest';
import {
  float32,
  int,
  int64,
  ints,
  node,
  type OnnxFile,
  onnxFile,
  randomTensor,
  text,
} from '../../test/onnx-file.ts';
import { expectRefusal } from '../../test/refusal.ts';
import { expectImagesApart, expectSameNetwork } from '../../test/runtime.ts';
import { decodeOnnx } from './decode.ts';

interface Case extends OnnxFile {
  readonly title: string;
  /** Operations of the network. */
  readonly ops: readonly string[];
}

const slice = (
  title: string,
  [starts, ends, axes, steps]: readonly (readonly number[])[],
  ops: string[],
): Case => ({
  title,
  nodes: [
    node('Slice', ['x', 'starts', 'ends', ...(axes ? ['axes'] : []), ...(steps ? ['steps'] : [])], ['y']),
  ],
  tensors: {
    starts: int64(starts ?? []),
    ends: int64(ends ?? []),
    ...(axes ? { axes: int64(axes) } : {}),
    ...(steps ? { steps: int64(steps) } : {}),
  },
  ops,
});

const cases: readonly Case[] = [
  slice('a plain slice', [[1], [3], [1]], ['Slice']),
  slice(
    'a slice of several axes that counts from the end',
    [
      [-3, 1],
      [9e15, -1],
      [-1, 1],
    ],
    ['Slice'],
  ),
  slice(
    'a slice of the first axes that leaves the batch whole',
    [
      [0, 1],
      [9e15, 3],
    ],
    ['Slice'],
  ),
  slice('a stepped slice of pixels', [[1], [6], [2], [2]], ['Slice']),
  slice('a stepped slice of channels', [[0], [4], [1], [2]], ['Gather']),
  slice('a reversed slice', [[-1], [-9e15], [1], [-1]], ['Gather']),
  slice('a reversed slice that ends early', [[4], [0], [3], [-2]], ['Gather']),
  slice(
    'reversed and plain at once',
    [
      [-1, 1],
      [-9e15, 4],
      [1, 2],
      [-1, 1],
    ],
    ['Gather', 'Slice'],
  ),
  slice(
    'two reversed axes',
    [
      [-1, -1],
      [-9e15, -9e15],
      [2, 3],
      [-1, -1],
    ],
    ['Gather', 'Gather'],
  ),
  {
    title: 'a list of indices',
    nodes: [node('Gather', ['x', 'i'], ['y'], { axis: int(1) })],
    tensors: { i: int64([2, 0, -1]) },
    ops: ['Gather'],
  },
  {
    title: 'a single index',
    nodes: [node('Gather', ['x', 'i'], ['y'], { axis: int(-1) })],
    tensors: { i: int64([-2], []) },
    ops: ['Gather', 'Reshape'],
  },
  {
    title: 'a table of indices',
    nodes: [node('Gather', ['x', 'i'], ['y'], { axis: int(2) })],
    tensors: { i: int64([0, 1, 2, 3, 4, 5], [2, 3]) },
    ops: ['Reshape'],
  },
  {
    title: 'a table of some indices',
    nodes: [node('Gather', ['x', 'i'], ['y'], { axis: int(2) })],
    tensors: { i: int64([5, 1, 2, 0], [2, 2]) },
    ops: ['Gather', 'Reshape'],
  },
  {
    title: 'transpose without an order',
    nodes: [node('Transpose', ['x'], ['t']), node('Transpose', ['t'], ['y'], { perm: ints(3, 0, 2, 1) })],
    ops: ['Transpose'],
  },
  {
    title: 'transpose that changes nothing',
    nodes: [node('Transpose', ['x'], ['t'], { perm: ints(0, 1, 2, 3) }), node('Relu', ['t'], ['y'])],
    ops: ['Relu'],
  },
  {
    title: 'flatten behind the last axis',
    nodes: [node('Flatten', ['x'], ['y'], { axis: int(-1) })],
    ops: ['Flatten'],
  },
  {
    title: 'expand of gates to the pixels',
    nodes: [
      node('GlobalAveragePool', ['x'], ['p']),
      node('Expand', ['p', 'shape'], ['e']),
      node('Mul', ['x', 'e'], ['y']),
    ],
    tensors: { shape: int64([4, 6, 6]) },
    ops: ['GlobalAveragePool', 'Gather', 'Gather', 'Mul'],
  },
  {
    title: 'expand to more axes',
    nodes: [node('GlobalMaxPool', ['x'], ['p']), node('Expand', ['p', 'shape'], ['y'])],
    tensors: { shape: int64([2, 1, 4, 1, 3]) },
    ops: ['GlobalMaxPool', 'Reshape', 'Gather', 'Gather'],
  },
  {
    title: 'tile',
    nodes: [node('Tile', ['x', 'times'], ['y'])],
    tensors: { times: int64([1, 2, 1, 3]) },
    ops: ['Gather', 'Gather'],
  },
  ...(['DCR', 'CRD'] as const).map((mode) => ({
    title: `depth to space, ${mode}`,
    inputs: { x: ['batch', 12, 3, 5] },
    nodes: [node('DepthToSpace', ['x'], ['y'], { blocksize: int(2), mode: text(mode) })],
    ops: ['DepthToSpace'],
  })),
  {
    title: 'blocks of channels, spelled out',
    inputs: { x: ['batch', 12, 3, 5] },
    nodes: [
      node('Reshape', ['x', 'split'], ['s']),
      node('Transpose', ['s'], ['t'], { perm: ints(0, 1, 4, 2, 5, 3) }),
      node('Reshape', ['t', 'joined'], ['y']),
    ],
    tensors: { split: int64([-1, 3, 2, 2, 3, 5]), joined: int64([-1, 3, 6, 10]) },
    ops: ['DepthToSpace'],
  },
  {
    title: 'blocks of pixels, channel by channel',
    nodes: [
      node('Reshape', ['x', 'split'], ['s']),
      node('Transpose', ['s'], ['t'], { perm: ints(0, 1, 3, 5, 2, 4) }),
      node('Reshape', ['t', 'joined'], ['y']),
    ],
    tensors: { split: int64([-1, 4, 2, 3, 2, 3]), joined: int64([-1, 36, 2, 2]) },
    ops: ['SpaceToDepth', 'Gather'],
  },
  {
    title: 'a softmax over all axes, as it was',
    opset: 11,
    nodes: [node('Softmax', ['x'], ['y'])],
    ops: ['Reshape', 'Softmax', 'Reshape'],
  },
  {
    title: 'space to depth',
    nodes: [node('SpaceToDepth', ['x'], ['y'], { blocksize: int(3) })],
    ops: ['SpaceToDepth'],
  },
  {
    title: 'a concatenation with constants',
    nodes: [
      node('Flatten', ['x'], ['f']),
      node('MatMul', ['f', 'w'], ['m']),
      node('Concat', ['m'], ['c'], { axis: int(-1) }),
      node('Relu', ['c'], ['y']),
    ],
    tensors: { w: randomTensor(144, 3) },
    ops: ['Flatten', 'MatMul', 'Relu'],
  },
  {
    title: 'a class token, and zeros, repeated for each image',
    inputs: { x: ['batch', 4, 6] },
    nodes: [
      node('Shape', ['x'], ['all'], { end: int(1) }),
      node('Concat', ['all', 'rest'], ['s'], { axis: int(0) }),
      node('Expand', ['token', 's'], ['tokens']),
      node('ConstantOfShape', ['s'], ['zeros']),
      node('Concat', ['all', 'once', 'once'], ['times'], { axis: int(0) }),
      node('Tile', ['ends', 'times'], ['repeated']),
      node('Concat', ['tokens', 'x', 'zeros', 'repeated'], ['y'], { axis: int(1) }),
    ],
    tensors: {
      token: randomTensor(6),
      rest: int64([2, 6]),
      once: int64([1]),
      ends: randomTensor(1, 1, 6),
    },
    ops: ['Concat'],
  },
  {
    title: 'sums, maxima and minima of many',
    nodes: [
      node('Neg', ['x'], ['n']),
      node('Sum', ['x', 'n', 'x'], ['s']),
      node('Max', ['s', 'n', 'x', 'k'], ['m']),
      node('Min', ['m'], ['y']),
    ],
    tensors: { k: randomTensor(4, 1, 1) },
    ops: ['Neg', 'Add', 'Add', 'Max', 'Max', 'Max'],
  },
];

test.each(cases)('$title', async ({ ops, ...file }) => {
  const network = await expectSameNetwork(onnxFile(file));
  expect(network.nodes.map(({ op }) => op)).toEqual(ops);
});

test('coordinates beside an image, in a file for one image, join each image of a batch', async () => {
  const url = new URL('../../test/field/coord_cat1.onnx', import.meta.url);
  const network = await expectSameNetwork(await readFile(url), { batches: [1] });
  expect(network.constants.get('xy')?.dims).toEqual([1, 2, 32, 32]);
  expect(networkCost(network).params).toBe(1925);
  await expectImagesApart(network);
});

test('equal values for each image of a file for three join any number of images', async () => {
  const once = Array.from({ length: 36 }, (_, i) => i / 36);
  const file = (values: readonly number[]) =>
    onnxFile({
      inputs: { x: [3, 4, 6, 6] },
      nodes: [node('Concat', ['k', 'x'], ['y'], { axis: int(1) })],
      tensors: { k: float32([3, 1, 6, 6], values) },
    });
  const network = await expectSameNetwork(file([...once, ...once, ...once]), { batches: [3] });
  await expectImagesApart(network);
  await expect(
    decodeOnnx(file([...once, ...once, ...once.toReversed()]), { name: 'net.onnx' }),
  ).rejects.toThrow(
    'net.onnx: Concat "y": "k" has different values for each image; images must stay separate',
  );
});

/** Of a file that was made for more than one image. */
const several = { x: [2, 4, 6, 6] };

const refused: readonly (readonly [message: string, file: OnnxFile])[] = [
  [
    'Gather "y": it works along axis 0, which depends on the batch; images must stay separate',
    { inputs: several, nodes: [node('Gather', ['x', 'i'], ['y'])], tensors: { i: int64([0], []) } },
  ],
  [
    'Slice "y": it cuts axis 0, which depends on the batch; images must stay separate',
    {
      inputs: several,
      nodes: [node('Slice', ['x', 's', 'e'], ['y'])],
      tensors: { s: int64([0]), e: int64([1]) },
    },
  ],
  [
    'Concat "y": it works along axis 0, which depends on the batch; images must stay separate',
    { inputs: several, nodes: [node('Concat', ['x', 'x'], ['y'], { axis: int(0) })] },
  ],
  [
    'Concat "y": shapes [batch,4,6,6], [2,4,6,6] cannot be joined along axis 1',
    {
      nodes: [node('Concat', ['x', 'k'], ['y'], { axis: int(1) })],
      tensors: { k: randomTensor(2, 4, 6, 6) },
    },
  ],
  [
    'Add "z": shapes [6*batch,2] and [5] cannot be broadcast together',
    {
      nodes: [node('Reshape', ['x', 's'], ['y']), node('Add', ['y', 'k'], ['z'])],
      tensors: { s: int64([-1, 2]), k: randomTensor(5) },
      inputs: { x: ['batch', 12] },
    },
  ],
  [
    'Range "r": a range in steps of 0 has no end',
    {
      nodes: [
        node('Shape', ['x'], ['s'], { end: int(1) }),
        node('Squeeze', ['s'], ['n']),
        node('Range', ['one', 'n', 'zero'], ['r']),
        node('Reshape', ['x', 'r'], ['y']),
      ],
      opset: 15,
      tensors: { one: int64([1], []), zero: int64([0], []) },
    },
  ],
  [
    'GroupNormalization "y": the channels of its input [6,2*batch,2] cannot be divided into 4 groups',
    {
      opset: 21,
      nodes: [
        node('Reshape', ['x', 's'], ['r']),
        node('GroupNormalization', ['r', 'k', 'k'], ['y'], { num_groups: int(4) }),
      ],
      inputs: { x: ['batch', 24] },
      tensors: { s: int64([6, -1, 2]), k: randomTensor(4) },
    },
  ],
  ['ReduceMean "y": it works along axis 0', { inputs: several, nodes: [node('ReduceMean', ['x'], ['y'])] }],
  [
    'Reshape "y": [batch,4,6,6] cannot become [0,5,-1]',
    { nodes: [node('Reshape', ['x', 's'], ['y'])], tensors: { s: int64([0, 5, -1]) } },
  ],
  [
    'Slice "y": its output would have shape [batch,0,6,6]',
    {
      nodes: [node('Slice', ['x', 's', 'e', 'a'], ['y'])],
      tensors: { s: int64([3]), e: int64([2]), a: int64([1]) },
    },
  ],
  [
    'Gather "y": index 4 lies outside of axis 1',
    { nodes: [node('Gather', ['x', 'i'], ['y'], { axis: int(1) })], tensors: { i: int64([4]) } },
  ],
  [
    'Split "b": it has 2 outputs, but 3 sizes',
    {
      nodes: [node('Split', ['x', 's'], ['a', 'y'], { axis: int(1) }, 'b')],
      outputs: ['y'],
      tensors: { s: int64([1, 1, 2]) },
    },
  ],
  [
    'Transpose "y": perm [0,1,1,3] does not fit 4 axes',
    { nodes: [node('Transpose', ['x'], ['y'], { perm: ints(0, 1, 1, 3) })] },
  ],
];

test('an extent of the file stays one where it looks like a batch that was tried', async () => {
  const bytes = onnxFile({
    nodes: [node('Gemm', ['x', 'w'], ['y'])],
    inputs: { x: ['batch', 12] },
    tensors: { w: randomTensor(2018, 3) },
  });
  await expect(decodeOnnx(bytes, { name: 'net.onnx' })).rejects.toThrow(
    'net.onnx: Gemm "y": input [batch,12] does not fit weight [2018,3]',
  );
});

test.each(refused)('refuses: %s', async (message, file) => {
  const read = () => decodeOnnx(onnxFile(file), { name: 'net.onnx' });
  await expect(read()).rejects.toThrow(`net.onnx: ${message}`);
  expectRefusal(await read().catch((error) => error), 'net.onnx');
  // The sizes of batches that are tried.
  await expect(read()).rejects.not.toThrow(/1009|7919/);
});
