import { type Block, convolution } from './block.ts';

export const normalizationBlocks: Record<string, Block> = {
  'instance norm': (b, x) => {
    const y = convolution(b, x);
    const dims = [b.channels(y)];
    const constants = [b.randomConstant(dims, [0.5, 1.5]), b.randomConstant(dims)];
    return b.op('InstanceNormalization', [y, ...constants], { epsilon: 0.1 });
  },

  'group norm': (b, x) => {
    const y = convolution(b, x, 6);
    const constants = [b.randomConstant([6], [0.5, 1.5]), b.randomConstant([6])];
    return b.op('GroupNormalization', [y, ...constants], { num_groups: 3, epsilon: 0.1 });
  },

  'layer norm': (b, x) => {
    const y = convolution(b, x);
    const dims = b.shape(y).slice(1);
    const constants = [b.randomConstant(dims, [0.5, 1.5]), b.randomConstant(dims)];
    return b.op('LayerNormalization', [y, ...constants], { axis: 1, epsilon: 0.1 });
  },

  lrn: (b, x) => b.op('LRN', [convolution(b, x)], { size: 3, alpha: 0.1, beta: 0.75, bias: 1 }),

  'softmax over channels': (b, x) => b.op('Softmax', [convolution(b, x)], { axis: 1 }),

  'softmax over pixels': (b, x) => b.op('Softmax', [convolution(b, x)], { axis: b.random.pick([2, 3]) }),
};
