import { activate, type Block, convolution, finish, pixels, strideFor, width } from './block.ts';

export const plainBlocks: Record<string, Block> = {
  convolution: (b, x) => finish(b, convolution(b, x)),

  strided: (b, x) => finish(b, convolution(b, x, width(b), { stride: strideFor(b, x) })),

  dilated: (b, x) => finish(b, convolution(b, x, width(b), { kernel: 3, dilation: 2 })),

  activations: (b, x) => activate(b, activate(b, convolution(b, x))),

  'constant operands': (b, x) => {
    const c = b.channels(x);
    const dims = b.random.pick([[c, 1, 1], [1, c, 1, 1], [1], [], b.shape(x).slice(1), b.shape(x).slice(2)]);
    const op = b.random.pick(['Add', 'Sub', 'Mul', 'Max', 'Min']);
    const constant = b.randomConstant(dims);
    const swapped = b.random.chance(0.3);
    const y = b.op(op, swapped ? [constant, x] : [x, constant]);
    return b.random.chance(0.5) ? y : b.op('Div', [y, b.randomConstant([1, c, 1, 1], [0.5, 2])]);
  },

  pools(b, x) {
    if (pixels(b, x) < 4) return b.pool('AveragePool', x, 3, 1, 1);
    return b.random.pick([
      () => b.pool('MaxPool', x, 2, 2),
      () => b.pool('AveragePool', x, 2, 2),
      () => b.pool('MaxPool', x, 3, 2, 1),
      () => b.pool('AveragePool', x, 3, 1, 1),
    ])();
  },

  'padded pixels': (b, x) => {
    const mode = pixels(b, x) > 2 ? b.random.pick(['constant', 'reflect', 'edge']) : 'edge';
    const pads = [0, 0, 1, 0, 0, 0, b.random.integer(0, 1), b.random.integer(0, 1)];
    return b.conv(b.pad(x, pads, { mode, value: mode === 'constant' ? 0.5 : 0 }), width(b), {
      pad: 0,
      kernel: 2,
    });
  },

  upsampled(b, x) {
    if (pixels(b, x) > 6) return finish(b, convolution(b, x));
    if (b.random.chance(0.5)) return finish(b, b.convTranspose(x, width(b)));
    const linear = b.random.chance(0.5);
    return b.op('Resize', [x], {
      mode: linear ? 'linear' : 'nearest',
      scales: [1, 1, 2, 2],
      coordinate_transformation_mode: linear ? 'half_pixel' : 'asymmetric',
      nearest_mode: 'floor',
    });
  },

  'grouped upsampling': (b, x) => {
    if (pixels(b, x) > 6) return finish(b, convolution(b, x));
    const wide = finish(b, convolution(b, x, 4));
    return finish(b, b.convTranspose(wide, b.random.pick([4, 8]), { group: b.random.pick([2, 4]) }));
  },

  'pixel shuffle': (b, x) => {
    if (pixels(b, x) > 6) return finish(b, convolution(b, x));
    const wide = finish(b, convolution(b, x, 4 * b.random.integer(2, 4)));
    const shuffled = b.op('DepthToSpace', [wide], { blocksize: 2, mode: b.random.pick(['DCR', 'CRD']) });
    const back = b.op('SpaceToDepth', [finish(b, convolution(b, shuffled, 3))], { blocksize: 2 });
    return finish(b, convolution(b, back));
  },

  chosen(b, x) {
    const dims = b.random.pick([[b.channels(x), 1, 1], b.shape(x).slice(2)]);
    return b.op('Where', [
      b.randomMask(dims),
      x,
      b.random.chance(0.5) ? b.constant([], [0.2]) : b.op('Neg', [x]),
    ]);
  },

  'shared weight': (b, x) => {
    const c = width(b);
    const one = finish(b, convolution(b, x, c));
    const two = finish(b, convolution(b, x, c));
    const first = b.conv(one, width(b), { kernel: 1 });
    const second = b.conv(two, b.channels(first), { kernel: 1, weight: `${first}.weight` });
    return b.random.chance(0.5) ? b.concat([first, second]) : b.add(activate(b, first), second);
  },

  recurrent(b, x) {
    const one = b.conv(x, b.channels(x), { kernel: 3 });
    return b.conv(activate(b, one), b.channels(x), { kernel: 3, weight: `${one}.weight` });
  },
};
