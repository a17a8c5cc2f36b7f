import type { Attributes } from '@espalier/network';
import { expect, test } from 'vitest';
import {
  DataType,
  float,
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

interface Case extends OnnxFile {
  readonly title: string;
  /** Operations and attributes of the network that the file holds. */
  readonly expected: readonly (readonly [op: string, attributes: Attributes])[];
}

/** One case per spelling of an operation, from the operation set in which it is valid. */
const cases: readonly Case[] = [
  ...[11, 12, 13, 17, 21].map((opset) => ({
    title: 'Clip with both bounds as inputs',
    opset,
    nodes: [node('Clip', ['x', 'min', 'max'], ['y'])],
    tensors: { min: scalar(-0.3), max: scalar(0.6) },
    expected: [['Clip', { min: -0.3, max: 0.6 }]] as const,
  })),
  {
    title: 'Clip with an upper bound only',
    nodes: [node('Clip', ['x', '', 'max'], ['y'])],
    tensors: { max: scalar(0.25) },
    expected: [['Clip', { max: 0.25 }]],
  },
  {
    title: 'Clip at the ends of single precision does nothing',
    nodes: [node('Clip', ['x', 'min', 'max'], ['c']), node('Relu', ['c'], ['y'])],
    tensors: { min: scalar(-3.4028234663852886e38), max: scalar(3.4028234663852886e38) },
    expected: [['Relu', {}]],
  },
  ...[11, 12].map((opset) => ({
    title: 'Unsqueeze and Squeeze with axes as attributes',
    opset,
    nodes: [
      node('Unsqueeze', ['x'], ['u'], { axes: ints(1, -1) }),
      node('Relu', ['u'], ['r']),
      node('Squeeze', ['r'], ['y'], { axes: ints(-1) }),
    ],
    expected: [
      ['Reshape', { shape: [-1, 1, 4, 6, 6, 1] }],
      ['Relu', {}],
      ['Reshape', { shape: [-1, 1, 4, 6, 6] }],
    ] as const,
  })),
  ...[13, 21].map((opset) => ({
    title: 'Unsqueeze and Squeeze with axes as inputs',
    opset,
    nodes: [
      node('Unsqueeze', ['x', 'added'], ['u']),
      node('Relu', ['u'], ['r']),
      node('Squeeze', ['r', 'dropped'], ['y']),
    ],
    tensors: { added: int64([2]), dropped: int64([2]) },
    expected: [
      ['Reshape', { shape: [-1, 4, 1, 6, 6] }],
      ['Relu', {}],
      ['Reshape', { shape: [-1, 4, 6, 6] }],
    ] as const,
  })),
  {
    title: 'Squeeze of all axes of extent 1',
    nodes: [node('GlobalAveragePool', ['x'], ['p']), node('Squeeze', ['p'], ['y'])],
    expected: [
      ['GlobalAveragePool', {}],
      ['Reshape', { shape: [-1, 4] }],
    ],
  },
  {
    title: 'Split with sizes as attribute',
    opset: 11,
    nodes: [
      node('Split', ['x'], ['a', 'b'], { axis: int(1), split: ints(1, 3) }),
      node('Concat', ['b', 'a'], ['y'], { axis: int(1) }),
    ],
    expected: [
      ['Split', { axis: 1, split: [1, 3] }],
      ['Concat', { axis: 1 }],
    ],
  },
  ...[11, 13, 17].map((opset) => ({
    title: 'Split into equal parts',
    opset,
    nodes: [
      node('Split', ['x'], ['a', 'b'], { axis: int(-3) }),
      node('Concat', ['b', 'a'], ['y'], { axis: int(-3) }),
    ],
    expected: [
      ['Split', { axis: 1, split: [2, 2] }],
      ['Concat', { axis: 1 }],
    ] as const,
  })),
  {
    title: 'Split with sizes as input',
    opset: 13,
    nodes: [
      node('Split', ['x', 'sizes'], ['a', 'b'], { axis: int(1) }),
      node('Concat', ['b', 'a'], ['y'], { axis: int(1) }),
    ],
    tensors: { sizes: int64([3, 1]) },
    expected: [
      ['Split', { axis: 1, split: [3, 1] }],
      ['Concat', { axis: 1 }],
    ],
  },
  {
    title: 'Split into a number of parts, the last one smaller',
    opset: 18,
    inputs: { x: ['batch', 5, 6, 6] },
    nodes: [
      node('Split', ['x'], ['a', 'b'], { axis: int(1), num_outputs: int(2) }),
      node('Concat', ['b', 'a'], ['y'], { axis: int(1) }),
    ],
    expected: [
      ['Split', { axis: 1, split: [3, 2] }],
      ['Concat', { axis: 1 }],
    ],
  },
  ...[11, 13, 17].map((opset) => ({
    title: 'ReduceMean with axes as attribute',
    opset,
    nodes: [node('ReduceMean', ['x'], ['y'], { axes: ints(-1, 2), keepdims: int(0) })],
    expected: [['ReduceMean', { axes: [2, 3], keepdims: 0 }]] as const,
  })),
  ...[18, 21].map((opset) => ({
    title: 'ReduceMean with axes as input',
    opset,
    nodes: [node('ReduceMean', ['x', 'axes'], ['y'])],
    tensors: { axes: int64([2, 3]) },
    expected: [['ReduceMean', { axes: [2, 3], keepdims: 1 }]] as const,
  })),
  {
    title: 'ReduceSum with axes as attribute',
    opset: 11,
    nodes: [node('ReduceSum', ['x'], ['y'], { axes: ints(1), keepdims: int(1) })],
    expected: [['ReduceSum', { axes: [1], keepdims: 1 }]],
  },
  {
    title: 'ReduceSum with axes as input',
    opset: 13,
    nodes: [node('ReduceSum', ['x', 'axes'], ['y'], { keepdims: int(0) })],
    tensors: { axes: int64([-1]) },
    expected: [['ReduceSum', { axes: [3], keepdims: 0 }]],
  },
  {
    title: 'ReduceSum of no axes that says it does nothing',
    opset: 13,
    nodes: [
      node('ReduceSum', ['x', 'axes'], ['s'], { noop_with_empty_axes: int(1) }),
      node('Relu', ['s'], ['y']),
    ],
    tensors: { axes: int64([]) },
    expected: [['Relu', {}]],
  },
  ...[11, 13, 18].map((opset) => ({
    title: 'Pad of all axes',
    opset,
    nodes: [node('Pad', ['x', 'pads', 'value'], ['y'])],
    tensors: { pads: int64([0, 2, 1, 0, 0, 2, 0, 1]), value: scalar(0.5) },
    expected: [['Pad', { pads: [0, 2, 1, 0, 0, 2, 0, 1], mode: 'constant', value: 0.5 }]] as const,
  })),
  {
    title: 'Pad of some axes',
    opset: 18,
    nodes: [node('Pad', ['x', 'pads', '', 'axes'], ['y'], { mode: text('reflect') })],
    tensors: { pads: int64([1, 2, 3, 4]), axes: int64([-1, 2]) },
    expected: [['Pad', { pads: [0, 0, 2, 1, 0, 0, 4, 3], mode: 'reflect', value: 0 }]],
  },
  {
    title: 'Pad by nothing',
    nodes: [node('Pad', ['x', 'pads'], ['p']), node('Relu', ['p'], ['y'])],
    tensors: { pads: int64([0, 0, 0, 0, 0, 0, 0, 0]) },
    expected: [['Relu', {}]],
  },
  {
    title: 'Dropout with its ratio as attribute',
    opset: 11,
    nodes: [node('Dropout', ['x'], ['d', 'mask'], { ratio: float(0.5) }), node('Relu', ['d'], ['y'])],
    expected: [['Relu', {}]],
  },
  {
    title: 'Dropout with its ratio as input',
    opset: 13,
    nodes: [node('Dropout', ['x', 'ratio', 'training'], ['d']), node('Relu', ['d'], ['y'])],
    tensors: { ratio: scalar(0.5), training: { dataType: DataType.BOOL, dims: [], int32Data: [0] } },
    expected: [['Relu', {}]],
  },
  {
    title: 'Softmax of an older set over its last axis',
    opset: 11,
    nodes: [
      node('GlobalAveragePool', ['x'], ['p']),
      node('Flatten', ['p'], ['f']),
      node('Softmax', ['f'], ['y']),
    ],
    expected: [
      ['GlobalAveragePool', {}],
      ['Flatten', { axis: 1 }],
      ['Softmax', { axis: 1 }],
    ],
  },
  {
    title: 'Softmax of an older set with only axes of extent 1 behind',
    opset: 12,
    nodes: [node('GlobalAveragePool', ['x'], ['p']), node('LogSoftmax', ['p'], ['y'], { axis: int(1) })],
    expected: [
      ['GlobalAveragePool', {}],
      ['LogSoftmax', { axis: 1 }],
    ],
  },
  ...[13, 17, 21].map((opset) => ({
    title: 'Softmax of a newer set',
    opset,
    nodes: [node('Softmax', ['x'], ['s']), node('LogSoftmax', ['s'], ['y'], { axis: int(-3) })],
    expected: [
      ['Softmax', { axis: 3 }],
      ['LogSoftmax', { axis: 1 }],
    ] as const,
  })),
  {
    title: 'Gelu',
    opset: 20,
    nodes: [node('Gelu', ['x'], ['g']), node('Gelu', ['g'], ['y'], { approximate: text('tanh') })],
    expected: [
      ['Gelu', { approximate: 'none' }],
      ['Gelu', { approximate: 'tanh' }],
    ],
  },
  ...[17, 21].map((opset) => ({
    title: 'LayerNormalization',
    opset,
    nodes: [
      node('LayerNormalization', ['x', 'scale', 'shift'], ['n'], { axis: int(-2), epsilon: float(1e-3) }),
      node('LayerNormalization', ['n', 'last'], ['y']),
    ],
    tensors: { scale: randomTensor(6, 6), shift: randomTensor(6, 6), last: randomTensor(6) },
    expected: [
      ['LayerNormalization', { axis: 2, epsilon: 1e-3 }],
      ['LayerNormalization', { axis: 3, epsilon: 1e-5 }],
    ] as const,
  })),
  {
    title: 'GroupNormalization with a scale for each channel',
    opset: 21,
    nodes: [node('GroupNormalization', ['x', 'scale', 'shift'], ['y'], { num_groups: int(2) })],
    tensors: { scale: randomTensor(4), shift: randomTensor(4) },
    expected: [['GroupNormalization', { num_groups: 2, epsilon: 1e-5 }]],
  },
  ...[11, 13, 18, 19].map((opset) => ({
    title: 'Resize by scales',
    opset,
    nodes: [
      node('Resize', ['x', opset < 13 ? 'roi' : '', 'scales'], ['y'], {
        mode: text('linear'),
        coordinate_transformation_mode: text('align_corners'),
      }),
    ],
    tensors: { roi: { dataType: DataType.FLOAT, dims: [0n] }, scales: float32List(1, 1, 2, 1.5) },
    expected: [
      [
        'Resize',
        {
          mode: 'linear',
          scales: [1, 1, 2, 1.5],
          coordinate_transformation_mode: 'align_corners',
          nearest_mode: 'round_prefer_floor',
        },
      ],
    ] as const,
  })),
  {
    title: 'Resize of some axes to sizes',
    opset: 18,
    nodes: [
      node('Resize', ['x', '', '', 'sizes'], ['y'], {
        axes: ints(2, 3),
        coordinate_transformation_mode: text('asymmetric'),
        nearest_mode: text('floor'),
      }),
    ],
    tensors: { sizes: int64([9, 12]) },
    expected: [
      [
        'Resize',
        {
          mode: 'nearest',
          scales: [1, 1, 1.5, 2],
          coordinate_transformation_mode: 'asymmetric',
          nearest_mode: 'floor',
        },
      ],
    ],
  },
];

function float32List(...values: number[]) {
  return { dataType: DataType.FLOAT, dims: [BigInt(values.length)], floatData: values };
}

test.each(cases.map((each) => ({ ...each, set: each.opset ?? 17 })))(
  'operation set $set: $title',
  async ({ expected, ...file }) => {
    // A batch of one would be squeezed away with the axes that are always 1.
    const network = await expectSameNetwork(onnxFile(file), { batches: [2, 3] });
    expect(network.nodes.map(({ op, attributes }) => [op, attributes])).toEqual(expected);
  },
);

test.each([18, 20])('operation set %i: GroupNormalization with a scale for each group', async (opset) => {
  const network = await expectSameNetwork(
    onnxFile({
      opset,
      nodes: [node('GroupNormalization', ['x', 'scale', 'shift'], ['y'], { num_groups: int(2) })],
      tensors: { scale: float32List(1, 2), shift: float32List(3, 4) },
    }),
  );
  const [, scale = '', shift = ''] = network.nodes[0]?.inputs ?? [];
  expect([...(network.constants.get(scale)?.data ?? [])]).toEqual([1, 1, 2, 2]);
  expect([...(network.constants.get(shift)?.data ?? [])]).toEqual([3, 3, 4, 4]);
});
