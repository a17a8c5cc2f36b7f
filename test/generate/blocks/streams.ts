import type { NetworkBuilder } from '../../../packages/network/test/builder.ts';
import { activate, type Block, convolution, finish, pixels, strideFor, width } from './block.ts';

/** Some layers; the extents of the image stay for stride 1. */
function layers(b: NetworkBuilder, x: string, out: number, stride = 1): string {
  const inner = finish(b, convolution(b, x, width(b), { stride }));
  return b.batchNorm(convolution(b, inner, out));
}

/** Every second pixel, as a parameter-free shortcut takes them. */
function everySecondPixel(b: NetworkBuilder, x: string): string {
  const [, , height = 1, breadth = 1] = b.shape(x);
  return b.slice(
    x,
    [2, 3],
    [height, breadth].map((extent) => [0, extent, 2]),
  );
}

export const streamBlocks: Record<string, Block> = {
  residual: (b, x) => activate(b, b.add(layers(b, x, b.channels(x)), x)),

  'two residuals': (b, x) => {
    const y = activate(b, b.add(x, layers(b, x, b.channels(x))));
    return activate(b, b.add(layers(b, y, b.channels(x)), y));
  },

  projection(b, x) {
    const [out, stride] = [width(b), strideFor(b, x)];
    const shortcut = b.conv(x, out, { kernel: 1, stride, bias: b.random.chance(0.5) });
    return activate(b, b.add(layers(b, x, out, stride), finish(b, shortcut)));
  },

  'parameter-free shortcut': (b, x) => {
    const stride = pixels(b, x) >= 4 ? 2 : 1;
    const [before, behind] = [b.random.integer(0, 3), b.random.integer(0, 3)];
    const value = b.random.pick([0, 0, 0.7]);
    const small = stride === 2 ? everySecondPixel(b, x) : x;
    const shortcut = b.pad(small, [0, before, 0, 0, 0, behind, 0, 0], { value });
    return activate(b, b.add(layers(b, x, b.channels(shortcut), stride), shortcut));
  },

  'cropped shortcut': (b, x) => {
    const y = finish(b, convolution(b, x, b.random.integer(5, 9)));
    const shortcut = b.pad(y, [0, -b.random.integer(0, 2), 0, 0, 0, -b.random.integer(0, 2), 0, 0]);
    return activate(b, b.add(layers(b, y, b.channels(shortcut)), shortcut));
  },

  'layer scale': (b, x) => {
    const scale = b.randomConstant(
      b.random.pick([
        [b.channels(x), 1, 1],
        [1, b.channels(x), 1, 1],
      ]),
    );
    return b.add(x, b.op('Mul', [layers(b, x, b.channels(x)), scale]));
  },

  'largest of two': (b, x) => {
    const out = width(b);
    return b.op(b.random.pick(['Max', 'Min', 'Mul', 'Sub']), [convolution(b, x, out), layers(b, x, out)]);
  },

  quotient(b, x) {
    const out = width(b);
    const divisor = b.op('Add', [b.op('Softplus', [convolution(b, x, out)]), b.constant([], [1])]);
    return b.op('Div', [layers(b, x, out), divisor]);
  },

  'the image again': (b, x) => {
    const shape = b.shape(x);
    const image = b.shape('input');
    if (shape[2] !== image[2] || shape[3] !== image[3]) return finish(b, convolution(b, x));
    if (b.random.chance(0.5)) return b.concat(b.random.chance(0.5) ? [x, 'input'] : ['input', x]);
    return activate(b, b.add(layers(b, x, image[1] ?? 1), 'input'));
  },
};
