import { activate, type Block, finish, width } from './block.ts';

const SAME = { strides: [1, 1], pads: [0, 0, 0, 0], dilations: [1, 1] };

/** Modules that are called twice: their tensors are read by several nodes. */
export const sharingBlocks: Record<string, Block> = {
  'applied twice in a row': (b, x) => {
    const wide = width(b);
    const once = activate(b, b.conv(b.conv(x, wide, { kernel: 1, bias: true }), wide, { kernel: 1 }));
    const weight = b.randomConstant([wide, wide, 1, 1]);
    const bias = b.randomConstant([wide]);
    const again = (value: string) => activate(b, b.op('Conv', [value, weight, bias], { ...SAME, group: 1 }));
    return again(again(once));
  },

  'one module for two branches': (b, x) => {
    const [from, to] = [width(b), width(b)];
    const [depthwise, pointwise] = [b.randomConstant([from, 1, 1, 1]), b.randomConstant([to, from, 1, 1])];
    const norm = [
      [0.5, 1.5],
      [-0.5, 0.5],
      [-0.5, 0.5],
      [0.5, 1.5],
    ].map(([low = 0, high = 1]) => b.randomConstant([to], [low, high]));
    const [left = '', right = ''] = [0, 1].map(() => {
      const deep = b.op('Conv', [finish(b, b.conv(x, from)), depthwise], { ...SAME, group: from });
      const flat = b.op('Conv', [deep, pointwise], { ...SAME, group: 1 });
      return b.relu(b.op('BatchNormalization', [flat, ...norm], { epsilon: 1e-5 }));
    });
    return b.random.chance(0.5) ? b.concat([left, right]) : b.op('Sub', [left, right]);
  },

  'one dense layer for two values': (b, x) => {
    const [from, to] = [width(b), width(b)];
    const weight = b.randomConstant([from, to]);
    const [left = '', right = ''] = [0, 1].map(() => {
      const pixelsFirst = b.transpose(b.relu(b.conv(x, from, { kernel: 1 })), [0, 2, 3, 1]);
      return b.transpose(b.op('MatMul', [pixelsFirst, weight]), [0, 3, 1, 2]);
    });
    return b.random.chance(0.5) ? b.concat([left, right]) : activate(b, b.add(left, right));
  },

  'one of two uses whole': (b, x) => {
    const wide = width(b);
    const weight = b.randomConstant([wide, b.channels(x), 1, 1]);
    const [left = '', right = ''] = [0, 1].map(() => b.op('Conv', [x, weight], { ...SAME, group: 1 }));
    const whole = b.op('LRN', [left], { size: 3, alpha: 1e-2, beta: 0.75, bias: 1 });
    return b.concat([whole, b.relu(right)]);
  },
};
