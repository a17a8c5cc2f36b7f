import { describe, expect, test } from 'vitest';
import {
  float,
  float32,
  floats,
  int,
  int64,
  ints,
  node,
  type OnnxFile,
  onnxFile,
  randomTensor,
  scalar,
  text,
} from '../../test/onnx-file.ts';
import { expectSameNetwork } from '../../test/runtime.ts';

/** How an operation was written in the operation sets [from, to], and what it is here. */
interface Version extends Omit<OnnxFile, 'opset'> {
  readonly what: string;
  readonly sets: readonly [from: number, to: number];
  readonly ops: readonly string[];
}

const positive = float32([4], [0.5, 1, 1.5, 2]);
const conv = { w: randomTensor(6, 4, 3, 3), b: randomTensor(6) };

const versions: readonly Version[] = [
  {
    what: 'BatchNormalization with spatial and momentum',
    sets: [7, 8],
    nodes: [
      node('BatchNormalization', ['x', 's', 'b', 'm', 'v'], ['y'], { spatial: int(1), momentum: float(0.9) }),
    ],
    tensors: { s: randomTensor(4), b: randomTensor(4), m: randomTensor(4), v: positive },
    ops: ['BatchNormalization'],
  },
  {
    what: 'BatchNormalization without them',
    sets: [9, 26],
    nodes: [node('BatchNormalization', ['x', 's', 'b', 'm', 'v'], ['y'])],
    tensors: { s: randomTensor(4), b: randomTensor(4), m: randomTensor(4), v: positive },
    ops: ['BatchNormalization'],
  },
  {
    what: 'Upsample with its scales as an attribute',
    sets: [7, 8],
    nodes: [node('Upsample', ['x'], ['y'], { scales: floats(1, 1, 2, 2), mode: text('nearest') })],
    ops: ['Resize'],
  },
  {
    what: 'Upsample with its scales as an input',
    sets: [9, 9],
    nodes: [node('Upsample', ['x', 's'], ['y'], { mode: text('linear') })],
    tensors: { s: float32([4], [1, 1, 2, 2]) },
    ops: ['Resize'],
  },
  {
    what: 'Resize of before it said where pixels lie',
    sets: [10, 10],
    nodes: [node('Resize', ['x', 's'], ['y'], { mode: text('linear') })],
    tensors: { s: float32([4], [1, 1, 2, 2]) },
    ops: ['Resize'],
  },
  ...(['half_pixel', 'asymmetric', 'align_corners', 'pytorch_half_pixel'] as const).flatMap((place) =>
    (['nearest', 'linear', 'cubic'] as const).map(
      (mode): Version => ({
        what: `Resize ${mode}, ${place}`,
        sets: [13, 26],
        nodes: [
          node('Resize', ['x', '', 's'], ['y'], {
            mode: text(mode),
            coordinate_transformation_mode: text(place),
          }),
        ],
        tensors: { s: float32([4], [1, 1, 1.5, 2]) },
        ops: ['Resize'],
      }),
    ),
  ),
  {
    what: 'Resize with a region that its mode does not read',
    sets: [11, 12],
    nodes: [node('Resize', ['x', 'roi', 's'], ['y'], { mode: text('cubic') })],
    tensors: { roi: float32([0], []), s: float32([4], [1, 1, 2, 1.5]) },
    ops: ['Resize'],
  },
  {
    what: 'Resize to a size, smoothed where it shrinks',
    sets: [18, 26],
    nodes: [
      node('Resize', ['x', '', '', 's'], ['y'], {
        mode: text('linear'),
        antialias: int(1),
        axes: ints(2, 3),
      }),
    ],
    tensors: { s: int64([3, 4]) },
    ops: ['Resize'],
  },
  {
    what: 'Slice with attributes',
    sets: [7, 9],
    nodes: [node('Slice', ['x'], ['y'], { axes: ints(1, 2), starts: ints(1, -4), ends: ints(3, 6) })],
    ops: ['Slice'],
  },
  {
    what: 'Slice with inputs',
    sets: [10, 26],
    nodes: [node('Slice', ['x', 's', 'e', 'a', 'd'], ['y'])],
    tensors: { s: int64([0, 1]), e: int64([4, 6]), a: int64([1, 3]), d: int64([1, 2]) },
    ops: ['Slice'],
  },
  {
    what: 'Dropout with its ratio as an attribute',
    sets: [7, 11],
    nodes: [node('Relu', ['x'], ['r']), node('Dropout', ['r'], ['y'], { ratio: float(0.5) })],
    ops: ['Relu'],
  },
  {
    what: 'Dropout with its ratio as an input',
    sets: [12, 26],
    nodes: [node('Relu', ['x'], ['r']), node('Dropout', ['r', 'ratio'], ['y'])],
    tensors: { ratio: scalar(0.5) },
    ops: ['Relu'],
  },
  {
    what: 'Clip with attributes',
    sets: [7, 10],
    nodes: [node('Clip', ['x'], ['y'], { min: float(0), max: float(6) })],
    ops: ['Clip'],
  },
  {
    what: 'Clip with inputs',
    sets: [11, 26],
    nodes: [node('Clip', ['x', 'low', 'high'], ['y'])],
    tensors: { low: scalar(-0.5), high: scalar(0.5) },
    ops: ['Clip'],
  },
  {
    what: 'Pad with attributes',
    sets: [7, 10],
    nodes: [
      node('Pad', ['x'], ['y'], {
        pads: ints(0, 0, 1, 2, 0, 0, 1, 0),
        mode: text('constant'),
        value: float(2),
      }),
    ],
    ops: ['Pad'],
  },
  {
    what: 'Pad with inputs',
    sets: [11, 26],
    nodes: [node('Pad', ['x', 'p', 'v'], ['y'], { mode: text('constant') })],
    tensors: { p: int64([0, 0, 1, 2, 0, 0, 1, 0]), v: scalar(2) },
    ops: ['Pad'],
  },
  {
    what: 'Squeeze and Unsqueeze with attributes',
    sets: [7, 12],
    nodes: [
      node('GlobalAveragePool', ['x'], ['p']),
      node('Squeeze', ['p'], ['s'], { axes: ints(2, 3) }),
      node('Unsqueeze', ['s'], ['y'], { axes: ints(2) }),
    ],
    ops: ['GlobalAveragePool', 'Reshape', 'Reshape'],
  },
  {
    what: 'Squeeze and Unsqueeze with inputs',
    sets: [13, 26],
    nodes: [
      node('GlobalAveragePool', ['x'], ['p']),
      node('Squeeze', ['p', 'a'], ['s']),
      node('Unsqueeze', ['s', 'b'], ['y']),
    ],
    tensors: { a: int64([2, 3]), b: int64([2]) },
    ops: ['GlobalAveragePool', 'Reshape', 'Reshape'],
  },
  {
    what: 'ReduceSum with an attribute',
    sets: [7, 12],
    nodes: [node('ReduceSum', ['x'], ['y'], { axes: ints(2, 3), keepdims: int(0) })],
    ops: ['ReduceSum'],
  },
  {
    what: 'ReduceSum with an input',
    sets: [13, 26],
    nodes: [node('ReduceSum', ['x', 'a'], ['y'], { keepdims: int(0) })],
    tensors: { a: int64([2, 3]) },
    ops: ['ReduceSum'],
  },
  {
    what: 'ReduceMean with an attribute',
    sets: [7, 17],
    nodes: [node('ReduceMean', ['x'], ['y'], { axes: ints(2, 3) })],
    ops: ['ReduceMean'],
  },
  {
    what: 'ReduceMean with an input',
    sets: [18, 26],
    nodes: [node('ReduceMean', ['x', 'a'], ['y'])],
    tensors: { a: int64([2, 3]) },
    ops: ['ReduceMean'],
  },
  {
    what: 'Split with an attribute',
    sets: [7, 12],
    nodes: [
      node('Split', ['x'], ['a', 'b'], { axis: int(1), split: ints(1, 3) }),
      node('Relu', ['b'], ['c']),
      node('Concat', ['c', 'a'], ['y'], { axis: int(1) }),
    ],
    ops: ['Split', 'Relu', 'Concat'],
  },
  {
    what: 'Split into equal parts, as many as are said',
    sets: [18, 26],
    nodes: [
      node('Split', ['x'], ['a', 'b'], { axis: int(1), num_outputs: int(2) }),
      node('Relu', ['b'], ['c']),
      node('Concat', ['c', 'a'], ['y'], { axis: int(1) }),
    ],
    ops: ['Split', 'Relu', 'Concat'],
  },
  {
    what: 'a layer of everything that did not change',
    sets: [7, 26],
    nodes: [
      node('Conv', ['x', 'w', 'b'], ['c'], { pads: ints(1, 1, 1, 1) }),
      node('LeakyRelu', ['c'], ['r'], { alpha: float(0.1) }),
      node('MaxPool', ['r'], ['m'], { kernel_shape: ints(2, 2), strides: ints(2, 2) }),
      node('AveragePool', ['m'], ['p'], { kernel_shape: ints(3, 3) }),
      node('Flatten', ['p'], ['f']),
      node('Gemm', ['f', 'g', 'd'], ['y'], { transB: int(1) }),
    ],
    tensors: { ...conv, g: randomTensor(5, 6), d: randomTensor(5) },
    ops: ['Conv', 'LeakyRelu', 'MaxPool', 'AveragePool', 'Flatten', 'Gemm'],
  },
];

/** The first and the last of them, and what is new in between. */
const NEW = [7, 8, 9, 10, 11, 13, 18, 19, 21, 22, 23, 24, 25, 26];

describe.each(versions.map((each) => ({ ...each, range: each.sets.join(' to ') })))(
  '$what, operation sets $range',
  ({ sets: [from, to], ops, what: _, ...file }) => {
    const sets = [...new Set([from, ...NEW.filter((set) => set > from && set < to), to])];
    test.each(sets)('%i', async (opset) => {
      const network = await expectSameNetwork(onnxFile({ ...file, opset }));
      expect(network.nodes.map(({ op }) => op)).toEqual(ops);
    });
  },
);
