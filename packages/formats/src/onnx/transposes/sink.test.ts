import { channelMap, type Network, prunableGroups } from '@espalier/network';
import { describe, expect, test } from 'vitest';
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
} from '../../../test/onnx-file.ts';
import { expectSameNetwork } from '../../../test/runtime.ts';

const toFirst = { perm: ints(0, 3, 1, 2) };
const toLast = { perm: ints(0, 2, 3, 1) };
const pads = { pads: ints(1, 1, 1, 1) };
const count = ({ nodes }: Network, op: string) => nodes.filter((each) => each.op === op).length;
const prunable = (network: Network) =>
  Object.fromEntries(prunableGroups(channelMap(network)).map(({ id, width }) => [id, width]));

/** Two convolutions as TensorFlow's exporter writes them, and what is between them with its channels last. */
function keras(between: OnnxFile['nodes'], tensors: OnnxFile['tensors'] = {}, outputs = ['y']): OnnxFile {
  return {
    inputs: { x: ['batch', 6, 8, 3] },
    outputs,
    nodes: [
      node('Transpose', ['x'], ['x1'], toFirst),
      node('Conv', ['x1', 'w1'], ['a1'], pads, 'first'),
      node('Transpose', ['a1'], ['a'], toLast),
      ...between,
      node('Transpose', ['b'], ['b1'], toFirst),
      node('Conv', ['b1', 'w2'], ['c1'], pads, 'second'),
      node('Transpose', ['c1'], ['c'], toLast),
      node('ReduceMean', ['c'], ['mean'], { axes: ints(1, 2), keepdims: int(0) }),
      node('MatMul', ['mean', 'w3'], ['y'], {}, 'head'),
    ],
    tensors: {
      w1: randomTensor(4, 3, 3, 3),
      w2: randomTensor(5, 4, 3, 3),
      w3: randomTensor(5, 3),
      ...tensors,
    },
  };
}

describe('between convolutions no Transpose is left, and all channels can be pruned', () => {
  test.each([
    ['an activation', [node('Relu', ['a'], ['b'])], {}],
    [
      'a scale and a shift for each channel',
      [node('Mul', ['a', 'scale'], ['s']), node('Add', ['s', 'shift'], ['t']), node('Relu', ['t'], ['b'])],
      { scale: randomTensor(4), shift: randomTensor(1, 1, 1, 4) },
    ],
    ['a number', [node('Mul', ['half', 'a'], ['b'])], { half: float32([1], [0.5]) }],
    ['a mask over pixels', [node('Mul', ['a', 'mask'], ['b'])], { mask: randomTensor(6, 8, 1) }],
    [
      'a residual',
      [node('Relu', ['a'], ['r']), node('Sigmoid', ['a'], ['s']), node('Add', ['r', 's'], ['b'])],
      {},
    ],
    [
      'squeeze and excitation',
      [
        node('ReduceMean', ['a'], ['m'], { axes: ints(1, 2), keepdims: int(1) }),
        node('Transpose', ['m'], ['m1'], toFirst),
        node('Conv', ['m1', 'down'], ['d1'], {}, 'squeeze'),
        node('Relu', ['d1'], ['e1']),
        node('Conv', ['e1', 'up'], ['u1'], {}, 'excite'),
        node('Transpose', ['u1'], ['u'], toLast),
        node('Sigmoid', ['u'], ['g']),
        node('Mul', ['a', 'g'], ['b']),
      ],
      { down: randomTensor(2, 4, 1, 1), up: randomTensor(4, 2, 1, 1) },
    ],
    [
      'squeeze and excitation by a mean without axes',
      [
        node('ReduceMean', ['a'], ['m'], { axes: ints(1, 2), keepdims: int(0) }),
        node('Reshape', ['m', 'pixel'], ['r']),
        node('Transpose', ['r'], ['r1'], toFirst),
        node('Conv', ['r1', 'up'], ['u1'], {}, 'excite'),
        node('Transpose', ['u1'], ['u'], toLast),
        node('Mul', ['a', 'u'], ['b']),
      ],
      { up: randomTensor(4, 4, 1, 1), pixel: int64([-1, 1, 1, 4]) },
    ],
    [
      'rows and columns that are padded and taken away',
      [node('Pad', ['a', 'pads'], ['p']), node('Slice', ['p', 'one', 'nine', 'two'], ['b'])],
      { pads: int64([0, 1, 0, 0, 0, 0, 2, 0]), one: int64([1]), nine: int64([9]), two: int64([2]) },
    ],
    [
      'pixels made twice as large',
      [
        node('Resize', ['a', '', 'scales'], ['b'], {
          mode: text('nearest'),
          coordinate_transformation_mode: text('asymmetric'),
          nearest_mode: text('floor'),
        }),
      ],
      { scales: float32([4], [1, 2, 2, 1]) },
    ],
    [
      'channels that are split and joined',
      [
        node('Split', ['a', 'sizes'], ['l', 'r'], { axis: int(3) }),
        node('Relu', ['l'], ['s']),
        node('Concat', ['r', 's'], ['b'], { axis: int(-1) }),
      ],
      { sizes: int64([1, 3]) },
    ],
    ['a softmax over channels', [node('Softmax', ['a'], ['b'], { axis: int(-1) })], {}],
  ] as const)('%s', async (what, between, tensors) => {
    const network = await expectSameNetwork(onnxFile(keras([...between], tensors)));
    expect(count(network, 'Transpose')).toBe(1);
    if (what !== 'a softmax over channels') expect(prunable(network)).toMatchObject({ second: 5 });
    expect(network.inputs).toEqual([{ name: 'x', shape: [-1, 6, 8, 3] }]);
  });
});

test('what goes by the order of its axes gets the value as it is', async () => {
  const network = await expectSameNetwork(
    onnxFile(
      keras(
        [
          node('Relu', ['a'], ['r']),
          node('LayerNormalization', ['r', 'one'], ['n'], { axis: int(-1) }),
          node('Add', ['n', 'r'], ['b']),
        ],
        { one: randomTensor(4) },
      ),
    ),
  );
  expect(count(network, 'LayerNormalization')).toBe(1);
});

test('outputs keep their order', async () => {
  const network = await expectSameNetwork(
    onnxFile({ ...keras([node('Relu', ['a'], ['b'])], {}, ['b', 'c', 'y']) }),
  );
  expect(network.outputs).toEqual(['b', 'c', 'y']);
  expect(count(network, 'Transpose')).toBe(3);
});

test('a network that gets rid of none stays as it is', async () => {
  const network = await expectSameNetwork(
    onnxFile({
      nodes: [
        node('Transpose', ['x'], ['t'], toLast, 'to last'),
        node('Add', ['t', 'shift'], ['s']),
        node('MatMul', ['s', 'w'], ['m']),
        node('Transpose', ['m'], ['y'], toFirst, 'to first'),
      ],
      tensors: { shift: randomTensor(4), w: randomTensor(4, 5) },
    }),
  );
  expect(network.nodes.map(({ name }) => name)).toEqual(['to last', 's', 'm', 'to first']);
});
