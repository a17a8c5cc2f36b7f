import type { Attributes, Shape } from '@espalier/network';
import type { NetworkBuilder } from '../../../network/test/builder.ts';
import { type OperationCase, one } from './operation-case.ts';

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

function ofBytes({ network, ...rest }: OperationCase): OperationCase {
  const inputs = network.inputs.map((input) => ({ ...input, type: 'uint8' as const }));
  return { ...rest, network: { ...network, inputs } };
}

const choiceCases = [
  one('Where', 'pixels', (b) => {
    const x = b.input([3, 4, 5], 'x');
    return b.op('Where', [b.randomMask([4, 5]), x, b.op('Neg', [x])]);
  }),
  one('Where', 'channels, and a number', (b) => {
    const x = b.conv(b.input([3, 4, 5], 'x'), 6);
    return b.op('Where', [b.randomMask([6, 1, 1]), x, b.constant([], [0.5])]);
  }),
];

const pointwiseCases = [
  ...['Abs', 'Erf', 'Exp', 'HardSwish', 'Identity', 'Mish', 'Neg', 'Relu', 'Sigmoid', 'Softplus'].map((op) =>
    pointwise(op),
  ),
  ...['Softsign', 'Tanh'].map((op) => pointwise(op)),
  ofBytes(pointwise('Cast', {}, 'of bytes')),
  pointwise('Celu', { alpha: 1 }, 'alpha 1'),
  pointwise('Celu', { alpha: 0.4 }, 'alpha 0.4'),
  pointwise('Selu', { alpha: 1.67326319, gamma: 1.05070102 }, 'as published'),
  pointwise('Selu', { alpha: 0.7, gamma: 2 }, 'other numbers'),
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

export const elementwiseCases: readonly OperationCase[] = [
  ...arithmeticCases,
  ...broadcastCases,
  ...pointwiseCases,
  ...choiceCases,
];
