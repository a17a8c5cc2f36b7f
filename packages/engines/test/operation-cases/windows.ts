import type { Attributes, Shape } from '@espalier/network';
import { type OperationCase, one } from './operation-case.ts';

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

export const windowCases: readonly OperationCase[] = [
  ...convCases,
  ...convTransposeCases,
  ...poolCases,
  ...otherPoolCases,
  ...resizeCases,
];
