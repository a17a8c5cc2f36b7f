import type { Attributes } from '@espalier/network';
import type { NetworkBuilder } from '../../../network/test/builder.ts';
import { type OperationCase, one } from './operation-case.ts';

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

export const reductionCases: readonly OperationCase[] = [
  ...denseCases,
  ...normalizationCases,
  ...reduceCases,
  ...softmaxCases,
];
