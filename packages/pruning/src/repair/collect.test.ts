import { type DoubleProduct, type Engine, openDoubleProduct, openEngine } from '@espalier/engines';
import { floatTensor, type Network, namedNode, type Tensor } from '@espalier/network';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { behind } from './behind.ts';
import { biasOf } from './bias.ts';
import { collect, positionsFor } from './collect.ts';
import { type Layer, layerOf, matrixOf, weightsOf } from './layer.ts';
import { Side } from './side.ts';
import { squaredError } from './solve.ts';

let engines: Record<'onnxruntime' | 'tensorflow', Engine>;
let product: DoubleProduct;
beforeAll(async () => {
  const [onnxruntime, tensorflow] = [
    await openEngine('onnxruntime', { threads: 1 }),
    await openEngine('tensorflow'),
  ];
  engines = { onnxruntime, tensorflow };
  product = await openDoubleProduct(1);
});
afterAll(async () => {
  for (const engine of Object.values(engines)) await engine.dispose();
  await product.dispose();
});

it('takes more positions of few images, and as many of all where images come one by one', () => {
  const of = (extent: number): Pick<Network, 'inputs'> => ({
    inputs: [{ name: 'x', shape: [extent, 3, 8, 8] }],
  });
  expect([64, 500, 2000].map((images) => positionsFor(of(-1), images))).toEqual([125, 16, 16]);
  expect([16, 64, 2000].map((images) => positionsFor(of(1), images))).toEqual([500, 256, 256]);
});

const values = (dims: readonly number[], step: number): Tensor<Float32Array> => {
  const size = dims.reduce((a, b) => a * b, 1);
  return floatTensor(
    dims,
    Float32Array.from({ length: size }, (_, i) => Math.sin(i * step + step)),
  );
};

const conv = { strides: [1, 1], pads: [1, 1, 1, 1], dilations: [1, 1], group: 1 };
const cases: [
  what: string,
  op: string,
  input: number[],
  weight: number[],
  attributes: object,
  bias?: number[],
][] = [
  ['a convolution', 'Conv', [3, 6, 5], [4, 3, 3, 3], conv, [4]],
  [
    'a stepped convolution with uneven borders',
    'Conv',
    [3, 7, 6],
    [4, 3, 3, 2],
    { ...conv, strides: [2, 3], pads: [0, 1, 2, 0] },
  ],
  ['a dilated convolution', 'Conv', [2, 8, 8], [3, 2, 3, 3], { ...conv, dilations: [2, 3] }, [3]],
  ['a convolution of single pixels', 'Conv', [5, 4, 4], [3, 5, 1, 1], { ...conv, pads: [0, 0, 0, 0] }],
  ['a grouped convolution', 'Conv', [6, 5, 5], [4, 3, 3, 3], { ...conv, group: 2 }, [4]],
  ['a depthwise convolution', 'Conv', [4, 5, 5], [8, 1, 3, 3], { ...conv, group: 4 }],
  [
    'a transposed convolution',
    'ConvTranspose',
    [3, 4, 5],
    [3, 2, 3, 2],
    { ...conv, strides: [2, 3], output_padding: [1, 0] },
    [2],
  ],
  [
    'a grouped transposed convolution',
    'ConvTranspose',
    [4, 4, 4],
    [4, 3, 3, 3],
    { ...conv, group: 2, dilations: [2, 1], output_padding: [0, 0] },
  ],
  ['a dense layer', 'Gemm', [7], [4, 7], { transB: 1, alpha: 1, beta: 1 }, [4]],
  ['a dense layer with factors', 'Gemm', [7], [7, 4], { transB: 0, alpha: 0.5, beta: 3 }, [4]],
  ['a product with a matrix', 'MatMul', [6, 7], [7, 4], {}],
];

describe.each(['onnxruntime', 'tensorflow'] as const)('%s', (name) => {
  it.each(cases)(
    '%s is the product of the rows that are collected',
    async (_, op, input, weight, attributes, bias) => {
      const constants = new Map<string, Tensor>([['w', values(weight, 0.7)]]);
      if (bias) constants.set('b', values(bias, 0.3));
      const node = namedNode(op, ['x', 'w', ...(bias ? ['b'] : [])], 'y', { ...attributes });
      const network: Network = {
        ...{
          name: op,
          inputs: [{ name: 'x', shape: [-1, ...input] }],
          outputs: ['y'],
          nodes: [node],
          constants,
        },
      };
      const layer = layerOf(network, node) as Layer;
      const sides = { base: new Side('base/', network), cut: new Side('cut/', network) };
      const kept = Array.from({ length: layer.groups * layer.filters }, (_, i) => i);
      const images = {
        count: 7,
        async *batches(size: number) {
          for (let from = 0; from < 7; from += size)
            yield values([Math.min(size, 7 - from), ...input], 0.11 + from);
        },
      };
      const following = behind(network, node.name, kept, new Set());
      const work = { engine: engines[name], images, batch: 2, positions: 9, seed: 3, memory: 0 };
      const { fit, judge } = await collect({ layer, kept, following, isLast: true }, sides, work);
      expect(fit.rows + judge.rows).toBeGreaterThan(op === 'Gemm' ? 6 : 30);
      const weights = constants.get('w')?.data as Float32Array;
      const given = { weights: matrixOf(layer, weights), bias: biasOf(network, network, layer, kept) };
      for (const gram of [fit, judge]) {
        const all = gram.yy.reduce((sum, square) => sum + square, 0);
        expect(Math.abs(await squaredError(gram, given, product)) / all).toBeLessThan(1e-6);
      }
      const other = { ...given, weights: given.weights.map((value, i) => value + (i === 0 ? 0.5 : 0)) };
      expect(await squaredError(fit, other, product)).toBeGreaterThan(1e-3);
      expect(weightsOf(layer, given.weights)).toEqual(weights);
    },
  );
});
