import { floatTensor, sizeOf } from '@espalier/network';
import { add, mul, reduce, reshape, resizeAxis } from './arithmetic.ts';
import type { GraphBuilder, Value } from './builder.ts';
import { BLOCKED_DOMAIN } from './domains.ts';

// What differs between the two layouts, so that gradient rules need not know.

/** Channels with those that fill up the last block. */
export function blockedChannels(g: GraphBuilder, channels: number): number {
  return Math.ceil(channels / g.block) * g.block;
}

/** Whether a value may be kept blocked: [n, c, h, w], and a runtime that has such a layout. */
export function canBlock(g: GraphBuilder, { dims }: { readonly dims: readonly number[] }): boolean {
  return g.block > 0 && dims.length === 4;
}

export function plain(g: GraphBuilder, x: Value): Value {
  if (x.layout === 'plain') return x;
  return g.once(`${x.name} plain`, () =>
    g.node('ReorderOutput', [x], x.dims, { channels: x.dims[1] ?? 1 }, { domain: BLOCKED_DOMAIN }),
  );
}

export function blocked(g: GraphBuilder, x: Value): Value {
  if (x.layout === 'blocked') return x;
  return g.once(`${x.name} blocked`, () => {
    // The reordering takes whole quarters of the smallest block only.
    const channels = x.dims[1] ?? 1;
    const filledUp = resizeAxis(g, x, 1, Math.ceil(channels / 4) * 4);
    return g.node('ReorderInput', [filledUp], x.dims, {}, { domain: BLOCKED_DOMAIN, layout: 'blocked' });
  });
}

/** In the other value's layout. */
export function likewise(g: GraphBuilder, x: Value, other: Value): Value {
  return other.layout === 'blocked' ? blocked(g, x) : plain(g, x);
}

/** One number a channel, with those of the channels that fill up a block. */
export function perChannel(g: GraphBuilder, vector: Value, x: Value): Value {
  if (x.layout === 'plain') return vector;
  return g.once(`${vector.name} filled up`, () =>
    resizeAxis(g, vector, 0, blockedChannels(g, x.dims[1] ?? 1)),
  );
}

/** Takes away again what `perChannel` added. */
export function channelsOf(g: GraphBuilder, vector: Value, x: Value): Value {
  return resizeAxis(g, vector, 0, x.dims[1] ?? 1);
}

/** The sum (of the squares) over all axes but the channels: a vector like those of `perChannel`. */
export function channelSum(
  g: GraphBuilder,
  x: Value,
  op: 'ReduceSum' | 'ReduceSumSquare' = 'ReduceSum',
): Value {
  if (x.layout === 'plain') return reduce(g, op, x, [...x.dims.keys()].toSpliced(1, 1), false);
  const rows = reshape(g, physical(g, x), inBlocks(g, x));
  const images = reduce(g, op, rows, [2], false);
  return reshape(g, reduce(g, 'ReduceSum', images, [0], false), [blockedChannels(g, x.dims[1] ?? 1)]);
}

/** x * scale + shift + plus, with scale and shift vectors like those of `perChannel`. */
export function affine(g: GraphBuilder, x: Value, scale: Value, shift?: Value, plus?: Value): Value {
  if (x.layout === 'blocked') {
    // A depthwise 1x1 convolution does all of it in one pass over the memory.
    const channels = blockedChannels(g, x.dims[1] ?? 1);
    const filter = reshape(g, scale, [channels, 1, 1, 1]);
    return blockedConv(g, [x, filter, shift, plus], x.dims, { group: channels, kernel_shape: [1, 1] });
  }
  const lifted = (vector: Value) =>
    reshape(g, vector, [sizeOf(vector.dims), ...x.dims.slice(2).map(() => 1)]);
  const scaled = mul(g, x, lifted(scale));
  const shifted = shift ? add(g, scaled, lifted(shift)) : scaled;
  return plus ? add(g, shifted, plus) : shifted;
}

/** ONNX Runtime's convolution of blocked values. Inputs: x, filter, bias?, plus?; the result is x * filter + bias + plus. */
export function blockedConv(
  g: GraphBuilder,
  inputs: readonly (Value | undefined)[],
  dims: readonly number[],
  attributes: {
    readonly kernel_shape: readonly number[];
    readonly group?: number;
    readonly strides?: readonly number[];
    readonly pads?: readonly number[];
    readonly dilations?: readonly number[];
  },
): Value {
  const [x, filter, bias, plus] = inputs;
  const given = plus && !bias ? [x, filter, zeros(g, filter?.dims[0] ?? 1), plus] : inputs;
  return g.node('Conv', given, dims, attributes, { domain: BLOCKED_DOMAIN, layout: 'blocked' });
}

function zeros(g: GraphBuilder, length: number): Value {
  return g.once(`zeros ${length}`, () => g.constant(floatTensor([length], new Float32Array(length))));
}

/** The blocked memory of a value, seen as a plain value with filled-up channels. */
export function physical(g: GraphBuilder, x: Value): Value {
  const [n = 1, c = 1, ...space] = x.dims;
  return { name: x.name, layout: 'plain', dims: [n, blockedChannels(g, c), ...space] };
}

/** [n, blocks, pixels, block] */
function inBlocks(g: GraphBuilder, x: Value): number[] {
  const [n = 1, c = 1, ...space] = x.dims;
  return [n, blockedChannels(g, c) / g.block, sizeOf(space), g.block];
}
