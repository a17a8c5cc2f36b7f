import { decodeOnnx } from '@espalier/formats';
import { expect, test } from 'vitest';
import {
  float,
  float32,
  int,
  int64,
  ints,
  node,
  type OnnxFile,
  onnxFile,
  randomTensor,
  scalar,
} from '../../../formats/test/onnx-file.ts';
import { NetworkBuilder } from '../../../network/test/builder.ts';
import { isEmbedding } from './embedding.ts';
import { outputRoles } from './fidelity.ts';

const dense = [node('Flatten', ['x'], ['flat']), node('Gemm', ['flat', 'w'], ['v'])];
const length = (name: string, from = 'v') =>
  node('ReduceL2', [from], [name], { axes: ints(1), keepdims: int(1) });
const tensors = { w: randomTensor(144, 5) };

async function networkOf(file: Partial<OnnxFile>) {
  const { nodes = [], ...more } = file;
  const bytes = onnxFile({ ...more, nodes: [...dense, ...nodes], tensors: { ...tensors, ...file.tensors } });
  return (await decodeOnnx(bytes, { name: 'net.onnx' })).network;
}

const sum = (from: string, to: string) => node('ReduceSum', [from, 'axis'], [to], { keepdims: int(1) });
const axis = { axis: int64([1]) };

test.each<[string, Partial<OnnxFile>]>([
  ['LpNormalization', { nodes: [node('LpNormalization', ['v'], ['y'], { axis: int(1), p: int(2) })] }],
  ['its length', { nodes: [length('l'), node('Div', ['v', 'l'], ['y'])] }],
  [
    "PyTorch's normalize, at least so long and spread",
    {
      tensors: { least: scalar(1e-12), wide: int64([1, 5]) },
      nodes: [
        length('l'),
        node('Clip', ['l', 'least'], ['clipped']),
        node('Expand', ['clipped', 'wide'], ['spread']),
        node('Div', ['v', 'spread'], ['y']),
      ],
    },
  ],
  [
    "TensorFlow's l2_normalize",
    {
      tensors: { ...axis, least: scalar(1e-12) },
      nodes: [
        node('Mul', ['v', 'v'], ['squares']),
        sum('squares', 'sum'),
        node('Max', ['sum', 'least'], ['enough']),
        node('Sqrt', ['enough'], ['l']),
        node('Reciprocal', ['l'], ['r']),
        node('Mul', ['v', 'r'], ['y']),
      ],
    },
  ],
  [
    'the root of a sum of powers',
    {
      tensors: { ...axis, two: scalar(2) },
      nodes: [
        node('Pow', ['v', 'two'], ['squares']),
        sum('squares', 'sum'),
        node('Sqrt', ['sum'], ['l']),
        node('Div', ['v', 'l'], ['y']),
      ],
    },
  ],
  [
    'in a picture of one pixel',
    {
      tensors: { one: int64([-1, 5, 1, 1]), row: int64([-1, 5]) },
      nodes: [
        node('Reshape', ['v', 'one'], ['pixel']),
        length('l', 'pixel'),
        node('Div', ['pixel', 'l'], ['unit']),
        node('Reshape', ['unit', 'row'], ['y']),
      ],
    },
  ],
])('a vector divided by its length is an embedding: %s', async (_, file) => {
  const network = await networkOf(file);
  expect(outputRoles(network)).toEqual([
    { name: 'y', tellsClasses: false, distribution: null, isVector: true, isEmbedding: true },
  ]);
});

test.each<[string, Partial<OnnxFile>]>([
  ['scores', { nodes: [node('Identity', ['v'], ['y'])] }],
  ['Softmax', { nodes: [node('Softmax', ['v'], ['y'], { axis: int(1) })] }],
  [
    'the length of another vector',
    { nodes: [node('Relu', ['v'], ['u']), length('l'), node('Div', ['u', 'l'], ['y'])] },
  ],
  ['a constant', { tensors: { c: float32([1], [2]) }, nodes: [node('Div', ['v', 'c'], ['y'])] }],
  [
    'the sum of squares, not its root',
    {
      tensors: axis,
      nodes: [node('Mul', ['v', 'v'], ['squares']), sum('squares', 'sum'), node('Div', ['v', 'sum'], ['y'])],
    },
  ],
  [
    'the sum of absolute values',
    { nodes: [node('LpNormalization', ['v'], ['y'], { axis: int(1), p: int(1) })] },
  ],
  [
    'behind it something else',
    {
      nodes: [
        length('l'),
        node('Div', ['v', 'l'], ['u']),
        node('LeakyRelu', ['u'], ['y'], { alpha: float(0.1) }),
      ],
    },
  ],
])('what is no embedding is none: %s', async (_, file) => {
  const network = await networkOf(file);
  expect(isEmbedding(network, 'y')).toBe(false);
  // A cosine may be asked for all the same.
  expect(outputRoles(network)).toMatchObject([{ isVector: true, isEmbedding: false }]);
});

test('a map that is divided by its length at each pixel is no vector', () => {
  const b = new NetworkBuilder('map');
  const x = b.input([4, 6, 6]);
  const squares = b.op('ReduceSum', [b.op('Mul', [x, x])], { axes: [1], keepdims: 1 });
  const network = b.build(b.op('Div', [x, b.op('Sqrt', [squares])]));
  expect(outputRoles(network)).toMatchObject([{ isVector: false, isEmbedding: false }]);
});
