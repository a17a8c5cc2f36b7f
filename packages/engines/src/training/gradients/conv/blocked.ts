import { type ConvAttributes, type Shape, sizeOf } from '@espalier/network';
import { flip, pad, padAxis, reshape, resizeAxis, transpose } from '../../graph/arithmetic.ts';
import type { GraphBuilder, Value } from '../../graph/builder.ts';
import { blocked, blockedChannels, blockedConv, perChannel, physical, plain } from '../../graph/layout.ts';
import { outputDims, remainder } from './general.ts';

// A convolution without conv-groups on blocked values. Filters are [out, in, kh, kw] in the plain layout and
// are brought into the runtime's order at each step: they are small beside activations.

export function supports({ group }: ConvAttributes): boolean {
  return group === 1;
}

export function forward(
  g: GraphBuilder,
  x: Value,
  w: Value,
  b: Value | undefined,
  attributes: ConvAttributes,
): Value {
  const { strides, pads, dilations } = attributes;
  const dims = outputDims(x.dims, w.dims, attributes);
  // Few channels, as those of an image, are read where they are: there is a kernel for it.
  const few = x.layout === 'plain' && (x.dims[1] ?? 1) < g.block;
  const filter = few ? filterOfFew(g, w) : filterInBlocks(g, w);
  const y: Value = { name: '', dims, layout: 'blocked' };
  const bias = b && perChannel(g, b, y);
  return blockedConv(g, [few ? x : blocked(g, x), filter, bias], dims, {
    kernel_shape: w.dims.slice(2),
    strides,
    pads,
    dilations,
  });
}

/** Stride 1 and a window that reaches over its padding: a convolution again. */
export function hasInputGradient(w: Value, { strides, pads, dilations }: ConvAttributes): boolean {
  return [0, 1].every((i) => {
    const reach = (dilations[i] ?? 1) * ((w.dims[i + 2] ?? 1) - 1);
    return strides[i] === 1 && (pads[i] ?? 0) <= reach && (pads[i + 2] ?? 0) <= reach;
  });
}

/** A convolution of dy with the filters turned by 180 degrees, inputs and outputs exchanged. */
export function inputGradient(
  g: GraphBuilder,
  dy: Value,
  x: Shape,
  w: Value,
  { pads, dilations }: ConvAttributes,
): Value {
  const margin = [0, 1, 2, 3].map(
    (side) => (dilations[side % 2] ?? 1) * ((w.dims[(side % 2) + 2] ?? 1) - 1) - (pads[side] ?? 0),
  );
  return blockedConv(g, [dy, turnedFilterInBlocks(g, w)], x, {
    kernel_shape: w.dims.slice(2),
    pads: margin,
    dilations,
  });
}

/**
 * As in the general form, a convolution in which images are the channels; but the channels of x are not its
 * images: they lie between the rows, row h of all channels before row h + 1 of all. A window of every c-th row
 * (a dilation) then sees one channel, and the c windows below each other see them all. So one pass over the
 * filters, which are as large as dy, serves every channel: three times as fast as one image a channel.
 */
export function weightGradient(
  g: GraphBuilder,
  x: Value,
  dy: Value,
  w: Shape,
  attributes: ConvAttributes,
): Value {
  const { pads, strides } = attributes;
  const [out = 1, channels = 1, ...kernel] = w;
  const [n = 1] = x.dims;
  const [top = 0, left = 0, bottom = 0, right = 0] = pads;
  // Padding that no window reaches is left out; at the end of an axis pixels may even have to go.
  const below = bottom - remainder(x.dims, w, attributes, 0);
  const behind = right - remainder(x.dims, w, attributes, 1);
  const cut = pad(g, plain(g, x), [0, 0, 0, 0], [0, 0, Math.min(0, below), Math.min(0, behind)]);
  const [, , h = 1, width = 1] = cut.dims;
  const rows = blocked(g, reshape(g, transpose(g, cut, [0, 2, 1, 3]), [1, n, h * channels, width]));
  // To the left and right it is real padding: the runtime computes padded positions one by one.
  const input = paddedColumns(g, rows, left, Math.max(0, behind));
  const result = blockedConv(
    g,
    [input, imagesInBlocks(g, dy)],
    [1, out, (kernel[0] ?? 1) * channels, kernel[1] ?? 1],
    {
      kernel_shape: dy.dims.slice(2),
      strides: [1, 1],
      dilations: [(strides[0] ?? 1) * channels, strides[1] ?? 1],
      pads: [top * channels, 0, Math.max(0, below) * channels, 0],
    },
  );
  const [kh = 1, kw = 1] = kernel;
  return transpose(g, reshape(g, plain(g, result), [out, kh, channels, kw]), [0, 2, 1, 3]);
}

/** Zeros beside a blocked image, a whole block at a time. */
function paddedColumns(g: GraphBuilder, x: Value, left: number, right: number): Value {
  const [n = 1, c = 1, height = 1, width = 1] = x.dims;
  const lines = reshape(g, physical(g, x), [(n * blockedChannels(g, c)) / g.block, height, width * g.block]);
  const padded = padAxis(g, lines, 2, left * g.block, right * g.block);
  const dims = [n, c, height, width + left + right];
  const image = reshape(g, padded, [n, blockedChannels(g, c), height, width + left + right]);
  return { name: image.name, dims, layout: 'blocked' };
}

/** Forward dilations would have to be strides over rows of all channels: those take the general form. */
export function hasWeightGradient({ dilations }: ConvAttributes): boolean {
  return dilations.every((dilation) => dilation === 1);
}

// Filters are brought into their order by moving one axis to the end, and then whole blocks: both are copies
// of longer pieces, five times as fast as one transposition of everything.

/** [out / block][in / block][kh][kw][block of in][block of out] */
function filterInBlocks(g: GraphBuilder, w: Value): Value {
  const { outs, ins, positions, kernel, filledUp } = filledUpFilter(g, w);
  const outLast = transpose(g, reshape(g, filledUp, [outs, ins * positions]), [1, 0]);
  return reshape(g, inBlocks(g, outLast, [ins, positions, outs]), [outs, ins, ...kernel]);
}

/** The same with inputs and outputs exchanged and positions in the opposite order. */
function turnedFilterInBlocks(g: GraphBuilder, w: Value): Value {
  const { outs, ins, positions, kernel, filledUp } = filledUpFilter(g, w);
  const inLast = transpose(g, reshape(g, filledUp, [outs, ins, positions]), [0, 2, 1]);
  return reshape(g, inBlocks(g, flip(g, inLast, [1]), [outs, positions, ins]), [ins, outs, ...kernel]);
}

/** [major][positions][minor] as [minor / block][major / block][positions][block of major][block of minor] */
function inBlocks(
  g: GraphBuilder,
  x: Value,
  [major, positions, minor]: readonly [number, number, number],
): Value {
  const split = [major / g.block, g.block, positions, minor / g.block, g.block];
  return transpose(g, reshape(g, x, split), [3, 0, 2, 1, 4]);
}

function filledUpFilter(g: GraphBuilder, w: Value) {
  const [out = 1, channels = 1, ...kernel] = w.dims;
  const [outs, ins] = [blockedChannels(g, out), blockedChannels(g, channels)];
  const filledUp = resizeAxis(g, resizeAxis(g, w, 0, outs), 1, ins);
  return { outs, ins, positions: sizeOf(kernel), kernel, filledUp };
}

/** [out / block][in][kh][kw][block of out] */
function filterOfFew(g: GraphBuilder, w: Value): Value {
  const [out = 1, channels = 1, ...kernel] = w.dims;
  const outs = blockedChannels(g, out);
  const split = reshape(g, resizeAxis(g, w, 0, outs), [outs / g.block, g.block, channels, ...kernel]);
  return reshape(g, transpose(g, split, [0, 2, 3, 4, 1]), [outs, channels, ...kernel]);
}

/** dy [n, out, oh, ow] as filters over images: [out / block][n / block][oh][ow][block of n][block of out] */
function imagesInBlocks(g: GraphBuilder, dy: Value): Value {
  const [n = 1, , ...space] = dy.dims;
  const memory = resizeAxis(g, physical(g, dy), 0, Math.ceil(n / g.block) * g.block);
  const [images = 1, outs = 1] = memory.dims;
  const split = reshape(g, memory, [images / g.block, g.block, outs / g.block, sizeOf(space), g.block]);
  return reshape(g, transpose(g, split, [2, 0, 3, 1, 4]), [outs, images, ...space]);
}
