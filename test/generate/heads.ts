import type { Block } from './blocks/block.ts';
import { finish, width } from './blocks/block.ts';

const CLASSES = 4;

/** From feature maps to class scores. */
export const heads: Readonly<Record<string, Block>> = {
  'global pool': (b, x) => b.head(x, CLASSES),

  'global mean': (b, x) => b.gemm(b.op('ReduceMean', [x], { axes: [2, 3], keepdims: 0 }), CLASSES),

  flattened: (b, x) => b.gemm(b.flatten(x), CLASSES, { transB: b.random.integer(0, 1) }),

  'two dense layers': (b, x) => {
    const pooled = b.flatten(b.pool('AveragePool', x, 3, 2, 1));
    const hidden = b.relu(b.gemm(pooled, width(b), { bias: b.random.chance(0.5) }));
    return b.op('Softmax', [b.gemm(hidden, CLASSES)], { axis: 1 });
  },

  reshaped(b, x) {
    const features = b
      .shape(x)
      .slice(1)
      .reduce((product, extent) => product * extent, 1);
    const biased = b.add(b.dense(b.reshape(x, [-1, features]), CLASSES), b.randomConstant([CLASSES]));
    return b.op('LogSoftmax', [biased], { axis: 1 });
  },

  'pixels first': (b, x) => b.dense(b.flatten(b.transpose(x, [0, 2, 3, 1])), CLASSES),

  'convolution last': (b, x) =>
    b.flatten(b.op('GlobalAveragePool', [b.relu(b.conv(x, CLASSES, { kernel: 1 }))])),

  'normalised features': (b, x) => b.gemm(finish2d(b, b.flatten(b.op('GlobalMaxPool', [x]))), CLASSES),

  'a feature map': (b, x) => finish(b, b.conv(x, CLASSES, { kernel: 1, bias: true })),
};

const finish2d: Block = (b, x) => b.relu(b.batchNorm(x));
