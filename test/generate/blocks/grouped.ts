import { activate, type Block, convolution, finish, strideFor, width } from './block.ts';

/** Grouped and depthwise convolutions. */
export const groupedBlocks: Record<string, Block> = {
  'grouped bottleneck': (b, x) => {
    const group = b.random.integer(2, 4);
    const wide = finish(b, convolution(b, x, group * b.random.integer(1, 4)));
    const inner = finish(b, convolution(b, wide, group * b.random.integer(1, 4), { group }));
    return activate(b, b.add(b.conv(inner, b.channels(x), { kernel: 1 }), x));
  },

  'grouped twice': (b, x) => {
    const channels = b.random.pick([12, 24]);
    const one = finish(b, convolution(b, x, channels, { kernel: 1 }));
    const two = finish(b, convolution(b, one, 12, { group: b.random.pick([2, 3, 4, 6]) }));
    const between = b.random.chance(0.5) ? b.shuffle(two, b.random.pick([2, 3, 4])) : two;
    return finish(b, convolution(b, between, 12, { group: b.random.pick([2, 3, 4, 6]) }));
  },

  'grouped over a Concat': (b, x) => {
    const group = b.random.pick([2, 3]);
    const joined = b.concat([convolution(b, x, 2 * group + 1), finish(b, convolution(b, x, 4 * group - 1))]);
    return finish(b, convolution(b, joined, group * b.random.integer(1, 3), { group }));
  },

  'shuffled groups': (b, x) => {
    const group = b.random.integer(2, 3);
    const stem = finish(b, convolution(b, x, group * group * b.random.integer(1, 2)));
    const inner = finish(b, b.conv(stem, group * group * b.random.integer(1, 2), { kernel: 1, group }));
    const deep = b.batchNorm(b.depthwise(b.shuffle(inner, group)));
    return b.relu(b.add(finish(b, b.conv(deep, b.channels(stem), { kernel: 1, group })), stem));
  },

  separable(b, x) {
    const deep = finish(b, b.depthwise(x, { stride: strideFor(b, x), bias: b.random.chance(0.5) }));
    return finish(b, b.conv(deep, width(b), { kernel: 1 }));
  },

  'inverted residual': (b, x) => {
    const wide = finish(b, b.conv(x, b.random.integer(4, 12), { kernel: 1 }));
    const deep = finish(b, b.depthwise(wide, { multiplier: b.random.integer(1, 2) }));
    return b.add(b.batchNorm(b.conv(deep, b.channels(x), { kernel: 1 })), x);
  },

  multiplied: (b, x) => finish(b, b.depthwise(x, { multiplier: b.random.integer(2, 3), bias: true })),
};
