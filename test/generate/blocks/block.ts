import type { ConvOptions, NetworkBuilder } from '../../../packages/network/test/builder.ts';

/** Part of a random network: takes feature maps [n, c, h, w] and returns others of any number of channels. */
export type Block = (b: NetworkBuilder, x: string) => string;

export function width(b: NetworkBuilder): number {
  return b.random.integer(2, 11);
}

/** Height and width, the smaller of the two. */
export function pixels(b: NetworkBuilder, x: string): number {
  return Math.min(b.shape(x)[2] ?? 1, b.shape(x)[3] ?? 1);
}

export function strideFor(b: NetworkBuilder, x: string): number {
  return pixels(b, x) >= 4 && b.random.chance(0.3) ? 2 : 1;
}

const activations: Block[] = [
  (b, x) => b.relu(x),
  (b, x) => b.op('LeakyRelu', [x], { alpha: b.random.between(0, 0.3) }),
  (b, x) => b.op('Sigmoid', [x]),
  (b, x) => b.op('Tanh', [x]),
  (b, x) => b.op('Elu', [x], { alpha: 1 }),
  (b, x) => b.op('Celu', [x], { alpha: b.random.between(0.3, 2) }),
  (b, x) => b.op('Selu', [x], { alpha: 1.67326319, gamma: 1.05070102 }),
  (b, x) => b.op('Softsign', [x]),
  (b, x) => b.op('HardSwish', [x]),
  (b, x) => b.op('HardSigmoid', [x], { alpha: 0.2, beta: 0.5 }),
  (b, x) => b.op('Clip', [x], { min: 0, max: 6 }),
  (b, x) => b.op('Clip', [x], { min: -1 }),
  (b, x) => b.op('Gelu', [x], { approximate: b.random.pick(['none', 'tanh']) }),
  (b, x) => b.op('Mul', [x, b.op('Sigmoid', [x])]),
  (b, x) => b.op('Mish', [x]),
  (b, x) => b.op('Softplus', [x]),
  (b, x) => b.op('Erf', [x]),
  (b, x) => b.op('Neg', [b.op('Abs', [x])]),
  (b, x) => b.op('Identity', [x]),
  (b, x) => b.op('Cast', [x]),
  (b, x) => b.op('Exp', [b.op('Tanh', [x])]),
  (b, x) => b.op('Sqrt', [b.op('Add', [b.op('Abs', [x]), b.constant([], [0.5])])]),
  (b, x) => b.op('Log', [b.op('Add', [b.op('Abs', [x]), b.constant([1], [1.5])])]),
  (b, x) => b.op('Reciprocal', [b.op('Add', [b.op('Softplus', [x]), b.constant([1, 1, 1, 1], [1])])]),
  (b, x) => b.op('PRelu', [x, b.randomConstant([b.channels(x), 1, 1])]),
  (b, x) => b.op('PRelu', [x, b.randomConstant([1])]),
  (b, x) => b.op('Pow', [b.op('Tanh', [x]), b.constant([], [2])]),
];

/** Any activation for feature maps, Relu for values of another rank. */
export function activate(b: NetworkBuilder, x: string): string {
  if (b.shape(x).length !== 4 || b.random.chance(0.4)) return b.relu(x);
  return activations[b.random.integer(0, activations.length - 1)]?.(b, x) ?? x;
}

/** BatchNorm or none, any activation or none. */
export function finish(b: NetworkBuilder, x: string): string {
  const normal = b.random.chance(0.6) ? b.batchNorm(x) : x;
  return b.random.chance(0.8) ? activate(b, normal) : normal;
}

export function convolution(
  b: NetworkBuilder,
  x: string,
  out: number = width(b),
  options: ConvOptions = {},
): string {
  const kernel = pixels(b, x) >= 3 ? b.random.pick<ConvOptions['kernel']>([1, 3, [1, 3], [3, 1]]) : 1;
  const bias = b.random.chance(0.5);
  return b.conv(x, out, { kernel: kernel ?? 1, bias, ...options });
}
