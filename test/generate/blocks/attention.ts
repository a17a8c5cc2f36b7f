import type { NetworkBuilder } from '../../../packages/network/test/builder.ts';
import { activate, type Block, convolution, finish, width } from './block.ts';

function gate(b: NetworkBuilder, x: string): string {
  return b.random.chance(0.5) ? b.op('Sigmoid', [x]) : b.op('HardSigmoid', [x], { alpha: 0.2, beta: 0.5 });
}

/** Values that are multiplied with each other. */
export const attentionBlocks: Record<string, Block> = {
  'squeeze-and-excite': (b, x) => {
    const pooled = b.op(b.random.pick(['GlobalAveragePool', 'GlobalMaxPool']), [x]);
    const squeezed = activate(b, b.conv(pooled, b.random.integer(1, 4), { kernel: 1, bias: true }));
    const scale = gate(b, b.conv(squeezed, b.channels(x), { kernel: 1, bias: true }));
    return b.op('Mul', b.random.chance(0.5) ? [x, scale] : [scale, x]);
  },

  'squeeze by a mean': (b, x) => {
    const op = b.random.pick(['ReduceMean', 'ReduceMax']);
    const mean = b.op(op, [x], { axes: [2, 3], keepdims: 0 });
    const squeezed = b.relu(b.gemm(mean, b.random.integer(1, 4)));
    const scale = gate(b, b.gemm(squeezed, b.channels(x), { transB: 0, bias: b.random.chance(0.5) }));
    return b.op('Mul', [x, b.reshape(scale, [-1, b.channels(x), 1, 1])]);
  },

  'squeeze by a kept mean': (b, x) => {
    const mean = b.op('ReduceMean', [x], { axes: [2, 3], keepdims: 1 });
    const squeezed = b.relu(b.conv(mean, b.random.integer(1, 4), { kernel: 1 }));
    return b.op('Mul', [x, gate(b, b.conv(squeezed, b.channels(x), { kernel: 1 }))]);
  },

  'attention map': (b, x) => b.op('Mul', [x, gate(b, convolution(b, x, 1))]),

  'map over channels': (b, x) => {
    const op = b.random.pick(['ReduceMean', 'ReduceSum', 'ReduceMax']);
    const y = finish(b, convolution(b, x));
    return b.op('Mul', [y, gate(b, b.op(op, [y], { axes: [1], keepdims: 1 }))]);
  },

  'self-attention': (b, x) => {
    const [, , height = 1, breadth = 1] = b.shape(x);
    const [c, out] = [width(b), width(b)];
    const tokens = b.transpose(b.reshape(convolution(b, x, c), [-1, c, height * breadth]), [0, 2, 1]);
    const [queries = '', keys = ''] = [b.dense(tokens, 4), b.dense(tokens, 4)];
    const scores = b.op('Softmax', [b.op('MatMul', [queries, b.transpose(keys, [0, 2, 1])])], { axis: 2 });
    const mixed = b.dense(b.op('MatMul', [scores, b.dense(tokens, width(b))]), out);
    return b.reshape(b.transpose(mixed, [0, 2, 1]), [-1, out, height, breadth]);
  },
};
