import { expect, test } from 'vitest';
import { NetworkBuilder } from '../../test/builder.ts';
import { constantOf } from '../network.ts';
import { freezeBatchNorm } from './freeze.ts';

test('by hand: x * a + b a channel, of the running statistics', () => {
  const b = new NetworkBuilder('by hand');
  const x = b.input([2, 3, 3]);
  const constants = Object.entries({ scale: [3, 2], shift: [0.5, -1], mean: [5, 4], variance: [3, 0] });
  const inputs = constants.map(([part, numbers]) => b.constant([2], numbers, `bn.${part}`));
  const y = b.op('BatchNormalization', [x, ...inputs], { epsilon: 1 }, 'bn');
  const frozen = freezeBatchNorm(b.build(b.relu(y)));
  expect(frozen.nodes.map(({ op, inputs: read, outputs }) => [op, ...read, ...outputs])).toEqual([
    ['Mul', 'input', 'bn/a', 'bn/scaled'],
    ['Add', 'bn/scaled', 'bn/b', 'bn'],
    ['Relu', 'bn', 'relu1'],
  ]);
  // 3 / 2 and 2 / 1; 0.5 - 5 * 1.5 and -1 - 4 * 2.
  expect(constantOf(frozen, 'bn/a')).toEqual({ dims: [2, 1, 1], data: Float32Array.of(1.5, 2) });
  expect(constantOf(frozen, 'bn/b')).toEqual({ dims: [2, 1, 1], data: Float32Array.of(-7, -9) });
});

test('behind a dense layer the channels are the last axis; statistics that are computed are refused', () => {
  const b = new NetworkBuilder('dense');
  const frozen = freezeBatchNorm(b.build(b.batchNorm(b.gemm(b.input([3]), 4), 'bn')));
  expect(constantOf(frozen, 'bn/a').dims).toEqual([4]);

  const c = new NetworkBuilder('computed');
  const computed = c.op('Abs', [c.randomConstant([2])], {}, 'computed');
  const others = [1, 2, 3].map(() => c.randomConstant([2], [0.5, 1]));
  const norm = c.op('BatchNormalization', [c.input([2, 3, 3]), ...others, computed], { epsilon: 1e-5 });
  expect(() => freezeBatchNorm(c.build(norm))).toThrow('"computed" is not a constant');
});
