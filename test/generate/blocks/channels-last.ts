import type { NetworkBuilder } from '../../../packages/network/test/builder.ts';
import { activate, type Block, convolution, finish, width } from './block.ts';

const toLast = [0, 2, 3, 1];
const toFirst = [0, 3, 1, 2];

function layerNorm(b: NetworkBuilder, x: string): string {
  const channels = b.shape(x).at(-1) ?? 1;
  const [scale, shift] = [b.randomConstant([channels], [0.5, 1.5]), b.randomConstant([channels])];
  if (b.random.chance(0.5)) return b.op('LayerNormalization', [x, scale, shift], { axis: 3, epsilon: 1e-5 });
  const centred = b.op('Sub', [x, b.op('ReduceMean', [x], { axes: [3], keepdims: 1 })]);
  const squared = b.op('Pow', [centred, b.constant([], [2])]);
  const variance = b.op('ReduceMean', [squared], { axes: [3], keepdims: 1 });
  const deviation = b.op('Sqrt', [b.op('Add', [variance, b.constant([], [1e-5])])]);
  return b.add(b.op('Mul', [b.op('Div', [centred, deviation]), scale]), shift);
}

/** Dense layers over the last axis, changes of shape and of the order of axes. */
export const channelsLastBlocks: Record<string, Block> = {
  convnext(b, x) {
    const c = b.channels(x);
    const last = layerNorm(b, b.transpose(b.depthwise(x, { bias: true }), toLast));
    const wide = b.add(b.dense(last, 2 * c + 1), b.randomConstant([2 * c + 1]));
    const narrow = b.dense(b.op('Gelu', [wide], { approximate: 'none' }), c);
    const scaled = b.op('Mul', [b.transpose(narrow, toFirst), b.randomConstant([c, 1, 1])]);
    return b.add(x, scaled);
  },

  'dense over channels': (b, x) => {
    const y = b.dense(b.transpose(x, toLast), width(b));
    const biased = b.random.chance(0.5) ? b.add(b.randomConstant([b.shape(y).at(-1) ?? 1]), y) : y;
    return b.transpose(activate(b, biased), toFirst);
  },

  'rows of pixels': (b, x) => {
    const [, c = 1, height = 1, breadth = 1] = b.shape(x);
    const rows = b.reshape(b.transpose(x, toLast), [-1, c]);
    const y = activate(b, b.gemm(rows, width(b), { transB: b.random.integer(0, 1) }));
    return b.transpose(b.reshape(y, [-1, height, breadth, b.channels(y)]), toFirst);
  },

  'split axis': (b, x) => {
    const [, , height = 1, breadth = 1] = b.shape(x);
    const y = finish(b, convolution(b, x, 6));
    return b.reshape(b.transpose(b.reshape(y, [-1, 2, 3, height, breadth]), [0, 2, 1, 3, 4]), [
      -1,
      6,
      height,
      breadth,
    ]);
  },

  'transposed axes': (b, x) => {
    const y = finish(b, convolution(b, x));
    const rows = b.conv(b.transpose(y, [0, 2, 1, 3]), b.shape(y)[2] ?? 1, { kernel: b.random.pick([1, 3]) });
    return b.transpose(rows, [0, 2, 1, 3]);
  },
};
