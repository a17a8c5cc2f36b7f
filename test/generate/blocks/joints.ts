import { activate, type Block, convolution, finish, pixels, width } from './block.ts';

/** A random order of the numbers 0 .. count - 1. */
function permutation(random: { integer(low: number, high: number): number }, count: number): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = random.integer(0, i);
    [order[i], order[j]] = [order[j] ?? 0, order[i] ?? 0];
  }
  return order;
}

/** Concat, Split, Slice, Gather: channels side by side. */
export const jointBlocks: Record<string, Block> = {
  'dense block': (b, x) => {
    let grown = x;
    for (let i = b.random.integer(1, 3); i > 0; i--) {
      const bottleneck = finish(b, convolution(b, finish(b, grown), width(b), { kernel: 1 }));
      grown = b.concat([grown, convolution(b, bottleneck, b.random.integer(1, 4))]);
    }
    return activate(b, b.batchNorm(grown));
  },

  'fire module': (b, x) => {
    const squeezed = b.relu(b.conv(x, width(b), { kernel: 1, bias: true }));
    const expanded = [1, 3].map((kernel) => b.relu(b.conv(squeezed, width(b), { kernel, bias: true })));
    return b.concat(expanded);
  },

  inception: (b, x) =>
    b.concat([
      finish(b, b.conv(x, width(b), { kernel: 1 })),
      finish(b, convolution(b, finish(b, b.conv(x, width(b), { kernel: 1 })))),
      finish(b, b.conv(b.pool('MaxPool', x, 3, 1, 1), width(b), { kernel: 1 })),
      b.pool('AveragePool', x, 3, 1, 1),
    ]),

  'constant channels': (b, x) => {
    const [, , height = 1, breadth = 1] = b.shape(x);
    const rows = b.op('ReduceMean', [x], { axes: [0], keepdims: 1 });
    const joined = b.concat([rows, b.randomConstant([1, b.random.integer(1, 3), height, breadth])]);
    return b.add(convolution(b, x, b.channels(joined)), joined);
  },

  'constant beside each image': (b, x) => {
    const [, , height = 1, breadth = 1] = b.shape(x);
    const coordinates = b.randomConstant([1, b.random.integer(1, 3), height, breadth]);
    const joined = b.concat(b.random.chance(0.5) ? [x, coordinates] : [coordinates, x]);
    return finish(b, convolution(b, joined));
  },

  'a token before the pixels': (b, x) => {
    const [, , height = 1, breadth = 1] = b.shape(x);
    const channels = width(b);
    const pixelsFirst = b.transpose(finish(b, b.conv(x, channels, { kernel: 1 })), [0, 2, 3, 1]);
    const tokens = b.reshape(pixelsFirst, [-1, height * breadth, channels]);
    const dense = b.dense(
      b.concat([b.randomConstant([1, breadth, channels]), tokens], undefined, 1),
      width(b),
    );
    return b.transpose(b.reshape(dense, [-1, height + 1, breadth, b.shape(dense)[2] ?? 1]), [0, 3, 1, 2]);
  },

  'split and joined': (b, x) => {
    const wide = finish(b, convolution(b, x, b.random.integer(4, 10)));
    const at = b.random.integer(1, b.channels(wide) - 1);
    const [left = '', right = ''] = b.split(wide, [at, b.channels(wide) - at]);
    return b.concat(
      b.random.chance(0.5) ? [left, finish(b, convolution(b, right))] : [finish(b, right), left],
    );
  },

  'shuffle units': (b, x) => {
    const half = b.random.integer(2, 5);
    let y = finish(b, convolution(b, x, 2 * half));
    for (let i = b.random.integer(1, 3); i > 0; i--) {
      const [left = '', right = ''] = b.split(y, [half, half]);
      const inner = finish(b, b.conv(right, half, { kernel: 1 }));
      const branch = finish(b, b.conv(b.batchNorm(b.depthwise(inner)), half, { kernel: 1 }));
      y = b.shuffle(b.concat([left, branch]), 2);
    }
    return y;
  },

  'gated halves': (b, x) => {
    const half = b.random.integer(1, 5);
    const [value = '', gate = ''] = b.split(finish(b, convolution(b, x, 2 * half)), [half, half]);
    return b.op('Mul', [value, b.op('Sigmoid', [gate])]);
  },

  'some channels': (b, x) => {
    const wide = finish(b, convolution(b, x, b.random.integer(4, 9)));
    const from = b.random.integer(0, 2);
    return finish(
      b,
      convolution(b, b.slice(wide, [1], [[from, b.random.integer(from + 1, b.channels(wide))]])),
    );
  },

  'stepped channels': (b, x) => {
    const wide = finish(b, convolution(b, x, b.random.integer(4, 9)));
    return finish(b, convolution(b, b.slice(wide, [1], [[1, b.channels(wide), 2]])));
  },

  'picked channels': (b, x) => {
    const picked = Array.from({ length: width(b) }, () => b.random.integer(0, b.channels(x) - 1));
    return b.gather(x, picked);
  },

  'permuted channels': (b, x) => {
    const y = b.gather(x, permutation(b.random, b.channels(x)));
    return b.random.chance(0.5) ? y : activate(b, b.add(y, x));
  },

  'one above the other': (b, x) => {
    if (pixels(b, x) > 6) return finish(b, convolution(b, x));
    const out = width(b);
    return b.concat(
      [convolution(b, x, out), finish(b, convolution(b, x, out))],
      undefined,
      b.random.pick([2, 3]),
    );
  },
};
