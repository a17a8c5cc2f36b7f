import type { Attributes, Network, Shape } from '@espalier/network';
import { NetworkBuilder } from '../../network/test/builder.ts';

/** A tiny network around one operation with one setting of its attributes. */
export interface OperationCase {
  readonly op: string;
  readonly setting: string;
  readonly network: Network;
}

type Build = (b: NetworkBuilder) => string | readonly string[];

function one(op: string, setting: string, build: Build): OperationCase {
  const b = new NetworkBuilder(`${op}, ${setting}`);
  return { op, setting, network: b.build(...[build(b)].flat()) };
}

const CONV = { strides: [1, 1], pads: [0, 0, 0, 0], dilations: [1, 1], group: 1 };

function conv(setting: string, x: Shape, weight: Shape, attributes: Attributes, bias = true): OperationCase {
  return one('Conv', setting, (b) => {
    const inputs = [b.input(x), b.randomConstant(weight)];
    if (bias) inputs.push(b.randomConstant([weight[0] ?? 1]));
    return b.op('Conv', inputs, { ...CONV, ...attributes });
  });
}

const convCases = [
  conv('1x1', [3, 5, 4], [4, 3, 1, 1], {}),
  conv('without bias', [3, 5, 4], [4, 3, 3, 3], {}, false),
  conv('same padding', [3, 5, 4], [4, 3, 3, 3], { pads: [1, 1, 1, 1] }),
  conv('strides', [3, 8, 7], [4, 3, 3, 3], { strides: [2, 2], pads: [1, 1, 1, 1] }),
  conv('unequal strides', [3, 8, 7], [4, 3, 3, 3], { strides: [2, 3], pads: [1, 1, 1, 1] }),
  conv('a stride past the window', [3, 8, 7], [4, 3, 1, 1], { strides: [2, 2] }),
  conv('asymmetric pads', [2, 6, 5], [3, 2, 3, 3], { pads: [0, 1, 2, 3] }),
  conv('asymmetric pads, strides', [2, 7, 7], [3, 2, 3, 3], { pads: [0, 0, 1, 1], strides: [2, 2] }),
  conv('a window wider than high', [2, 6, 9], [3, 2, 1, 7], { pads: [0, 3, 0, 3] }),
  conv('an even window', [2, 6, 6], [3, 2, 2, 4], { pads: [1, 1, 0, 2] }),
  conv('dilations', [2, 9, 9], [3, 2, 3, 3], { pads: [2, 3, 2, 3], dilations: [2, 3] }),
  conv('dilations and strides', [2, 11, 11], [3, 2, 3, 3], { dilations: [2, 2], strides: [2, 2] }),
  conv('conv-groups', [4, 5, 5], [6, 2, 3, 3], { pads: [1, 1, 1, 1], group: 2 }),
  conv('conv-groups, pads, strides', [6, 7, 7], [9, 2, 3, 3], {
    pads: [1, 0, 0, 1],
    strides: [2, 2],
    group: 3,
  }),
  conv('conv-groups, dilations', [4, 9, 9], [4, 2, 3, 3], { dilations: [2, 2], group: 2 }),
  conv('depthwise', [4, 6, 6], [4, 1, 3, 3], { pads: [1, 1, 1, 1], group: 4 }),
  conv('depthwise, strides', [4, 7, 7], [4, 1, 3, 3], { pads: [1, 1, 1, 1], strides: [2, 2], group: 4 }),
  conv('depthwise, unequal strides', [4, 7, 7], [4, 1, 3, 3], {
    pads: [1, 1, 1, 1],
    strides: [2, 1],
    group: 4,
  }),
  conv('depthwise, multiplier 2', [3, 6, 6], [6, 1, 3, 3], { pads: [1, 1, 1, 1], group: 3 }),
  conv('depthwise, multiplier 3, strides', [3, 7, 7], [9, 1, 3, 3], {
    pads: [0, 1, 0, 1],
    strides: [2, 2],
    group: 3,
  }),
  conv('depthwise, dilations', [3, 9, 9], [3, 1, 3, 3], { pads: [2, 2, 2, 2], dilations: [2, 2], group: 3 }),
  conv('depthwise, dilations and strides', [3, 9, 9], [3, 1, 3, 3], {
    dilations: [2, 3],
    strides: [2, 2],
    group: 3,
  }),
  one('Conv', 'a computed weight', (b) => {
    const weight = b.op('Mul', [b.randomConstant([4, 3, 3, 3]), b.randomConstant([4, 1, 1, 1])]);
    return b.op('Conv', [b.input([3, 5, 5]), weight], CONV);
  }),
];

const TRANSPOSED = { ...CONV, output_padding: [0, 0] };

function transposed(setting: string, x: Shape, weight: Shape, attributes: Attributes): OperationCase {
  return one('ConvTranspose', setting, (b) => {
    const group = Number(attributes.group ?? 1);
    const bias = b.randomConstant([(weight[1] ?? 1) * group]);
    return b.op('ConvTranspose', [b.input(x), b.randomConstant(weight), bias], {
      ...TRANSPOSED,
      ...attributes,
    });
  });
}

const convTransposeCases = [
  transposed('twice the size', [3, 4, 5], [3, 2, 2, 2], { strides: [2, 2] }),
  transposed('no strides, pads', [3, 4, 5], [3, 2, 3, 3], { pads: [1, 1, 1, 1] }),
  transposed('strides, asymmetric pads', [3, 4, 5], [3, 2, 4, 3], { strides: [2, 3], pads: [1, 0, 2, 1] }),
  transposed('output padding', [3, 4, 5], [3, 2, 3, 3], {
    strides: [2, 2],
    pads: [1, 1, 1, 1],
    output_padding: [1, 1],
  }),
  transposed('output padding, no pads', [3, 4, 5], [3, 2, 3, 3], { strides: [2, 2], output_padding: [1, 0] }),
  transposed('strides past the window', [3, 4, 5], [3, 2, 2, 2], { strides: [3, 3] }),
  transposed('dilations', [3, 4, 5], [3, 2, 3, 3], {
    dilations: [2, 3],
    strides: [2, 1],
    pads: [1, 1, 1, 1],
  }),
  transposed('conv-groups', [4, 4, 5], [4, 3, 2, 2], { strides: [2, 2], group: 2 }),
  transposed('depthwise', [3, 4, 5], [3, 1, 3, 3], { strides: [2, 2], pads: [1, 1, 0, 0], group: 3 }),
];

const POOL = { kernel_shape: [3, 3], strides: [2, 2], pads: [0, 0, 0, 0], ceil_mode: 0 };

function pool(op: string, setting: string, x: Shape, attributes: Attributes): OperationCase {
  const own = op === 'MaxPool' ? { dilations: [1, 1] } : { count_include_pad: 0 };
  return one(op, setting, (b) => b.op(op, [b.input(x)], { ...POOL, ...own, ...attributes }));
}

const poolCases = ['MaxPool', 'AveragePool'].flatMap((op) => [
  pool(op, 'no padding', [3, 7, 6], {}),
  pool(op, 'padding', [3, 7, 6], { pads: [1, 1, 1, 1] }),
  pool(op, 'asymmetric pads', [3, 7, 6], { pads: [0, 1, 2, 0], strides: [1, 2] }),
  pool(op, 'ceil_mode', [3, 8, 6], { ceil_mode: 1 }),
  pool(op, 'ceil_mode, padding', [3, 8, 6], { ceil_mode: 1, pads: [1, 1, 1, 1] }),
  pool(op, 'ceil_mode, a window that would start in the padding', [3, 5, 5], {
    ceil_mode: 1,
    kernel_shape: [2, 2],
    pads: [1, 1, 1, 1],
    strides: [3, 3],
  }),
  pool(op, 'an uneven window', [3, 6, 6], { kernel_shape: [2, 1], strides: [2, 1] }),
]);

const otherPoolCases = [
  pool('MaxPool', 'dilations', [3, 8, 9], { dilations: [2, 3], strides: [1, 1], pads: [1, 1, 1, 1] }),
  pool('MaxPool', 'dilations, strides, ceil_mode', [3, 8, 9], { dilations: [2, 2], ceil_mode: 1 }),
  pool('AveragePool', 'count_include_pad', [3, 7, 6], { pads: [1, 1, 1, 1], count_include_pad: 1 }),
  pool('AveragePool', 'count_include_pad, asymmetric', [3, 7, 6], {
    pads: [2, 0, 1, 1],
    count_include_pad: 1,
  }),
  pool('AveragePool', 'count_include_pad, ceil_mode', [3, 8, 6], {
    pads: [1, 1, 1, 1],
    count_include_pad: 1,
    ceil_mode: 1,
  }),
  one('GlobalAveragePool', 'an image', (b) => b.op('GlobalAveragePool', [b.input([3, 5, 4])])),
  one('GlobalMaxPool', 'an image', (b) => b.op('GlobalMaxPool', [b.input([3, 5, 4])])),
  one('GlobalAveragePool', 'channels last', (b) =>
    b.op('GlobalAveragePool', [b.conv(b.input([3, 5, 4]), 4)]),
  ),
  one('GlobalMaxPool', 'channels last', (b) => b.op('GlobalMaxPool', [b.conv(b.input([3, 5, 4]), 4)])),
];

const denseCases = [
  ...[0, 1].map((transB) => one('Gemm', `transB ${transB}`, (b) => b.gemm(b.input([6]), 5, { transB }))),
  one('Gemm', 'no bias', (b) => b.gemm(b.input([6]), 5, { bias: false })),
  one('Gemm', 'alpha, beta', (b) =>
    b.op('Gemm', [b.input([6]), b.randomConstant([6, 4]), b.randomConstant([4])], {
      transB: 0,
      alpha: 0.5,
      beta: 2,
    }),
  ),
  one('Gemm', 'a bias of one row', (b) =>
    b.op('Gemm', [b.input([6]), b.randomConstant([4, 6]), b.randomConstant([1, 4])], {
      transB: 1,
      alpha: 1,
      beta: 1,
    }),
  ),
  one('MatMul', 'a dense layer', (b) => b.dense(b.input([6]), 5)),
  one('MatMul', 'a dense layer over the last axis', (b) => b.dense(b.input([3, 4, 6]), 5)),
  one('MatMul', 'two computed operands', (b) =>
    b.op('MatMul', [b.input([3, 4, 5], 'a'), b.input([3, 5, 2], 'b')]),
  ),
  one('MatMul', 'broadcast matrices', (b) =>
    b.op('MatMul', [b.input([1, 4, 5]), b.randomConstant([3, 5, 2])]),
  ),
  one('MatMul', 'a constant on the left', (b) => b.op('MatMul', [b.randomConstant([4, 5]), b.input([5, 3])])),
];

/** Positive operands, so that every operation is defined. */
function binary(op: string, setting: string, build: (b: NetworkBuilder) => [string, string]): OperationCase {
  return one(op, setting, (b) => b.op(op, build(b)));
}

function positive(b: NetworkBuilder, dims: Shape): string {
  return b.randomConstant(dims, [0.5, 1.5]);
}

function positiveInput(b: NetworkBuilder, shape: Shape, name: string): string {
  return b.op('Add', [b.op('Abs', [b.input(shape, name)]), b.constant([], [0.5])]);
}

const arithmeticCases = ['Add', 'Div', 'Max', 'Min', 'Mul', 'Pow', 'Sub', 'PRelu'].flatMap((op) => [
  binary(op, 'a scalar', (b) => [positiveInput(b, [3, 4, 5], 'x'), b.constant([], [0.7])]),
  binary(op, '[c, 1, 1]', (b) => [positiveInput(b, [3, 4, 5], 'x'), positive(b, [3, 1, 1])]),
  binary(op, '[c, 1, 1], channels last', (b) => [
    b.op('Exp', [b.conv(b.input([3, 4, 5]), 4)]),
    positive(b, [4, 1, 1]),
  ]),
]);

const broadcastCases = [
  binary('Add', 'equal shapes', (b) => [b.input([3, 4, 5], 'x'), b.input([3, 4, 5], 'y')]),
  binary('Add', 'channels last and not', (b) => [
    b.conv(b.input([3, 4, 5], 'x'), 4),
    b.input([4, 4, 5], 'y'),
  ]),
  binary('Mul', 'computed [n, c, 1, 1] behind', (b) => {
    const x = b.conv(b.input([3, 4, 5]), 4);
    return [x, b.op('Sigmoid', [b.op('GlobalAveragePool', [x])])];
  }),
  binary('Mul', 'computed [n, c, 1, 1] in front', (b) => [
    b.input([4, 1, 1], 'x'),
    b.conv(b.input([3, 4, 5], 'y'), 4),
  ]),
  binary('Mul', 'a mask [n, c, h, w] in full', (b) => [
    b.conv(b.input([3, 4, 5]), 4),
    b.randomConstant([4, 4, 5]),
  ]),
  binary('Mul', '[w] behind channels last', (b) => [b.conv(b.input([3, 4, 5]), 4), b.randomConstant([5])]),
  binary('Add', '[h, w] behind channels last', (b) => [
    b.conv(b.input([3, 4, 5]), 4),
    b.randomConstant([4, 5]),
  ]),
  binary('Add', 'rank 2 and [c]', (b) => [b.input([6]), b.randomConstant([6])]),
  binary('Add', 'a rank that grows past 4', (b) => [
    b.conv(b.input([3, 4, 5]), 4),
    b.randomConstant([2, 1, 4, 1, 1]),
  ]),
  binary('Sub', 'a constant in front', (b) => [b.randomConstant([3, 1, 1]), b.input([3, 4, 5])]),
  binary('Div', 'both broadcast', (b) => [b.input([3, 1, 5]), positive(b, [4, 1])]),
  binary('Pow', 'squares of negative numbers', (b) => [b.input([3, 4]), b.constant([], [2])]),
  binary('PRelu', 'negative numbers, [c, 1, 1]', (b) => [b.input([3, 4, 5]), b.randomConstant([3, 1, 1])]),
  binary('PRelu', 'negative numbers, channels last', (b) => [
    b.conv(b.input([3, 4, 5]), 4),
    b.randomConstant([4, 1, 1]),
  ]),
  one('Add', 'one value twice', (b) => {
    const x = b.input([3, 4]);
    return b.op('Add', [x, x]);
  }),
];

function pointwise(op: string, attributes: Attributes = {}, setting = 'rank 2'): OperationCase {
  return one(op, setting, (b) => b.op(op, [b.input([40])], attributes));
}

const pointwiseCases = [
  ...['Abs', 'Erf', 'Exp', 'HardSwish', 'Identity', 'Mish', 'Neg', 'Relu', 'Sigmoid', 'Softplus', 'Tanh'].map(
    (op) => pointwise(op),
  ),
  ...['Log', 'Reciprocal', 'Sqrt'].map((op) =>
    one(op, 'positive', (b) => b.op(op, [positiveInput(b, [9], 'x')])),
  ),
  pointwise('Clip', { min: -0.5, max: 0.25 }, 'both bounds'),
  pointwise('Clip', { min: 0, max: 6 }, 'Relu6'),
  pointwise('Clip', { min: 0.1 }, 'from below'),
  pointwise('Clip', { max: 0.1 }, 'from above'),
  pointwise('Clip', {}, 'no bounds'),
  pointwise('Elu', { alpha: 1 }, 'alpha 1'),
  pointwise('Elu', { alpha: 0.3 }, 'alpha 0.3'),
  pointwise('LeakyRelu', { alpha: 0.01 }, 'alpha 0.01'),
  pointwise('LeakyRelu', { alpha: 1.5 }, 'alpha above 1'),
  pointwise('HardSigmoid', { alpha: 0.2, beta: 0.5 }, 'of Keras'),
  pointwise('HardSigmoid', { alpha: 1 / 6, beta: 0.5 }, 'of PyTorch'),
  pointwise('Gelu', { approximate: 'none' }, 'exact'),
  pointwise('Gelu', { approximate: 'tanh' }, 'by tanh'),
  one('Relu', 'channels last', (b) => b.relu(b.conv(b.input([3, 4, 5]), 4))),
  one('Softplus', 'large numbers', (b) =>
    b.op('Softplus', [b.op('Mul', [b.input([9]), b.constant([], [60])])]),
  ),
  one('Identity', 'of a constant', (b) => [
    b.op('Identity', [b.randomConstant([2, 3])]),
    b.op('Relu', [b.input([2])]),
  ]),
];

function normalised(op: string, setting: string, build: (b: NetworkBuilder) => string): OperationCase {
  return one(op, setting, build);
}

function perChannel(op: string, b: NetworkBuilder, x: string, attributes: Attributes): string {
  const channels = b.channels(x);
  return b.op(op, [x, b.randomConstant([channels]), b.randomConstant([channels])], {
    epsilon: 1e-5,
    ...attributes,
  });
}

const normalizationCases = [
  normalised('BatchNormalization', 'an image', (b) => b.batchNorm(b.input([3, 4, 5]))),
  normalised('BatchNormalization', 'channels last', (b) => b.batchNorm(b.conv(b.input([3, 4, 5]), 4))),
  normalised('BatchNormalization', 'features', (b) => b.batchNorm(b.input([6]))),
  normalised('BatchNormalization', 'rank 3', (b) => b.batchNorm(b.input([6, 4]))),
  normalised('InstanceNormalization', 'an image', (b) =>
    perChannel('InstanceNormalization', b, b.input([3, 4, 5]), {}),
  ),
  normalised('InstanceNormalization', 'rank 3', (b) =>
    perChannel('InstanceNormalization', b, b.input([3, 9]), {}),
  ),
  ...[1, 2, 4].map((num_groups) =>
    normalised('GroupNormalization', `${num_groups} groups`, (b) =>
      perChannel('GroupNormalization', b, b.conv(b.input([3, 4, 5]), 4), { num_groups }),
    ),
  ),
  normalised('LayerNormalization', 'the last axis', (b) =>
    b.op('LayerNormalization', [b.input([3, 6]), b.randomConstant([6]), b.randomConstant([6])], {
      axis: 2,
      epsilon: 1e-5,
    }),
  ),
  normalised('LayerNormalization', 'without shift', (b) =>
    b.op('LayerNormalization', [b.input([3, 6]), b.randomConstant([6])], { axis: 2, epsilon: 1e-6 }),
  ),
  normalised('LayerNormalization', 'all axes of an image, channels last', (b) =>
    b.op(
      'LayerNormalization',
      [b.conv(b.input([3, 4, 5]), 4), b.randomConstant([4, 4, 5]), b.randomConstant([4, 4, 5])],
      {
        axis: 1,
        epsilon: 1e-5,
      },
    ),
  ),
  ...[1, 3, 5].map((size) =>
    normalised('LRN', `size ${size}`, (b) =>
      b.op('LRN', [b.input([7, 3, 3])], { size, alpha: 0.4, beta: 0.75, bias: 1.5 }),
    ),
  ),
];

const joinCases = [
  one('Concat', 'channels', (b) => b.concat([b.input([3, 4, 5], 'x'), b.input([2, 4, 5], 'y')])),
  one('Concat', 'channels last and not', (b) =>
    b.concat([b.conv(b.input([3, 4, 5], 'x'), 4), b.input([2, 4, 5], 'y')]),
  ),
  one('Concat', 'width, channels last', (b) => {
    const x = b.conv(b.input([3, 4, 5]), 4);
    return b.concat([x, b.relu(x)], 'joined', 3);
  }),
  one('Concat', 'three of rank 2', (b) =>
    b.concat([b.input([3], 'x'), b.input([2], 'y'), b.op('Relu', ['x'])], 'joined', 1),
  ),
  one('Split', 'uneven channels', (b) => b.split(b.input([7, 3, 2]), [1, 4, 2])),
  one('Split', 'channels last', (b) => b.split(b.conv(b.input([3, 3, 2]), 6), [2, 4])),
  one('Split', 'rows', (b) => b.several('Split', [b.input([3, 6, 2])], 2, { axis: 2, split: [2, 4] })),
  one('Slice', 'channels', (b) => b.slice(b.input([6, 4, 4]), [1], [[1, 5]])),
  one('Slice', 'channels last', (b) => b.slice(b.conv(b.input([3, 4, 4]), 6), [1], [[1, 5]])),
  one('Slice', 'every second pixel', (b) =>
    b.slice(
      b.conv(b.input([3, 6, 7]), 4),
      [2, 3],
      [
        [0, 6, 2],
        [1, 7, 2],
      ],
    ),
  ),
  one('Slice', 'rank 2', (b) => b.slice(b.input([9]), [1], [[2, 9, 3]])),
  one('Gather', 'channels', (b) => b.gather(b.input([4, 3, 2]), [3, 0, 0, 2])),
  one('Gather', 'a shuffle, channels last', (b) => b.shuffle(b.conv(b.input([3, 3, 2]), 6), 2)),
  one('Gather', 'columns', (b) => b.op('Gather', [b.input([3, 4, 5])], { axis: 3, indices: [4, 3, 1] })),
];

const ALONG_EDGES = [0, 0, 1, 2, 0, 0, 2, 1];

const padCases = [
  ...['constant', 'reflect', 'edge'].flatMap((mode) => [
    one('Pad', `${mode}, rows and columns`, (b) => b.pad(b.input([2, 4, 5]), ALONG_EDGES, { mode })),
    one('Pad', `${mode}, channels last`, (b) => b.pad(b.conv(b.input([2, 4, 5]), 3), ALONG_EDGES, { mode })),
    one('Pad', `${mode}, negative`, (b) => b.pad(b.input([2, 6, 6]), [0, 0, -1, 2, 0, 0, 1, -2], { mode })),
  ]),
  one('Pad', 'a constant other than 0', (b) => b.pad(b.input([2, 4, 5]), ALONG_EDGES, { value: -1.5 })),
  one('Pad', 'channels', (b) => b.pad(b.conv(b.input([2, 4, 5]), 3), [0, 2, 0, 0, 0, 1, 0, 0])),
  one('Pad', 'rank 2', (b) => b.pad(b.input([5]), [0, 1, 0, 2])),
];

const reduceCases = ['ReduceMean', 'ReduceSum', 'ReduceMax'].flatMap((op) =>
  [0, 1].flatMap((keepdims) => [
    one(op, `space, keepdims ${keepdims}`, (b) => b.op(op, [b.input([3, 4, 5])], { axes: [2, 3], keepdims })),
    one(op, `space, channels last, keepdims ${keepdims}`, (b) =>
      b.op(op, [b.conv(b.input([3, 4, 5]), 4)], { axes: [2, 3], keepdims }),
    ),
    one(op, `channels, channels last, keepdims ${keepdims}`, (b) =>
      b.op(op, [b.conv(b.input([3, 4, 5]), 4)], { axes: [1], keepdims }),
    ),
    one(op, `rows, channels last, keepdims ${keepdims}`, (b) =>
      b.op(op, [b.conv(b.input([3, 4, 5]), 4)], { axes: [2], keepdims }),
    ),
    one(op, `batch and space, keepdims ${keepdims}`, (b) =>
      b.op(op, [b.conv(b.input([3, 4, 5]), 4)], { axes: [0, 2, 3], keepdims }),
    ),
  ]),
);

const shapeCases = [
  one('Flatten', 'an image', (b) => b.flatten(b.input([3, 4, 5]))),
  one('Flatten', 'channels last', (b) => b.flatten(b.conv(b.input([3, 4, 5]), 4))),
  one('Flatten', 'one pixel, channels last', (b) =>
    b.flatten(b.op('GlobalAveragePool', [b.conv(b.input([3, 4, 5]), 4)])),
  ),
  one('Flatten', 'axis 2', (b) => b.op('Flatten', [b.input([3, 4, 5])], { axis: 2 })),
  one('Reshape', 'a channel shuffle', (b) =>
    b.reshape(
      b.transpose(b.reshape(b.conv(b.input([3, 4, 5]), 6), [-1, 2, 3, 4, 5]), [0, 2, 1, 3, 4]),
      [-1, 6, 4, 5],
    ),
  ),
  one('Reshape', 'pixels into the batch', (b) => b.reshape(b.input([3, 4]), [-1, 4])),
  one('Reshape', 'without a free extent', (b) =>
    b.op('Add', [b.input([6]), b.reshape(b.randomConstant([6]), [1, 6])]),
  ),
  one('Transpose', 'to NHWC', (b) => b.transpose(b.input([3, 4, 5]), [0, 2, 3, 1])),
  one('Transpose', 'to NHWC, channels last', (b) => b.transpose(b.conv(b.input([3, 4, 5]), 4), [0, 2, 3, 1])),
  one('Transpose', 'to NCHW and on', (b) => b.conv(b.transpose(b.input([4, 5, 3]), [0, 3, 1, 2]), 2)),
  one('Transpose', 'to NCHW, channels last', (b) => b.transpose(b.conv(b.input([3, 4, 5]), 4), [0, 3, 1, 2])),
  one('Transpose', 'rank 3', (b) => b.transpose(b.input([3, 4]), [0, 2, 1])),
];

const softmaxCases = ['Softmax', 'LogSoftmax'].flatMap((op) => [
  one(op, 'classes', (b) => b.op(op, [b.input([7])], { axis: 1 })),
  one(op, 'axis 1 of an image', (b) => b.op(op, [b.input([3, 4, 5])], { axis: 1 })),
  one(op, 'the last axis of an image', (b) => b.op(op, [b.input([3, 4, 5])], { axis: 3 })),
  one(op, 'axis 1, channels last', (b) => b.op(op, [b.conv(b.input([3, 4, 5]), 4)], { axis: 1 })),
  one(op, 'axis 3, channels last', (b) => b.op(op, [b.conv(b.input([3, 4, 5]), 4)], { axis: 3 })),
  one(op, 'large numbers', (b) =>
    b.op(op, [b.op('Mul', [b.input([5]), b.constant([], [200])])], { axis: 1 }),
  ),
]);

const RESIZE = { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' };

function resized(setting: string, scales: readonly number[], attributes: Attributes = {}): OperationCase {
  return one('Resize', setting, (b) =>
    b.op('Resize', [b.conv(b.input([2, 6, 5]), 3)], { ...RESIZE, scales: [1, 1, ...scales], ...attributes }),
  );
}

const resizeCases = [
  resized('nearest, twice', [2, 2]),
  resized('nearest, by uneven factors', [3, 1.5]),
  resized('nearest, down', [0.5, 0.6]),
  resized('nearest, the same size', [1.1, 1.1]),
  resized('nearest, a size that depends on single precision', [7 / 6, 1.4]),
  ...['floor', 'ceil', 'round_prefer_floor', 'round_prefer_ceil'].flatMap((nearest_mode) =>
    ['asymmetric', 'half_pixel', 'pytorch_half_pixel', 'align_corners'].map((mode) =>
      resized(`nearest, ${nearest_mode}, ${mode}`, [1.7, 2], {
        nearest_mode,
        coordinate_transformation_mode: mode,
      }),
    ),
  ),
  ...['asymmetric', 'half_pixel', 'pytorch_half_pixel', 'align_corners'].flatMap((mode) => [
    resized(`linear, up, ${mode}`, [2, 1.7], { mode: 'linear', coordinate_transformation_mode: mode }),
    resized(`linear, down, ${mode}`, [0.5, 0.6], { mode: 'linear', coordinate_transformation_mode: mode }),
    resized(`linear, to one row, ${mode}`, [0.2, 1], {
      mode: 'linear',
      coordinate_transformation_mode: mode,
    }),
  ]),
];

export const operationCases: readonly OperationCase[] = [
  ...convCases,
  ...convTransposeCases,
  ...poolCases,
  ...otherPoolCases,
  ...denseCases,
  ...arithmeticCases,
  ...broadcastCases,
  ...pointwiseCases,
  ...normalizationCases,
  ...joinCases,
  ...padCases,
  ...reduceCases,
  ...shapeCases,
  ...softmaxCases,
  ...resizeCases,
];
