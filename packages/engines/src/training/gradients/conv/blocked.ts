import { type ConvAttributes, type Shape, sizeOf } from '@espalier/network';
import { flip, pad, reshape, resizeAxis, slice, transpose } from '../../graph/arithmetic.ts';
import type { GraphBuilder, Value } from '../../graph/builder.ts';
import { blocked, blockedChannels, blockedConv, perChannel, physical, plain } from '../../graph/layout.ts';
import { outputDims, swappedAttributes } from './general.ts';

// A convolution without conv-groups on blocked values. Filters are [out, in, kh, kw] in the plain layout and
// are brought into the runtime's order at each step: they are small beside activations.

export function supports(_g: GraphBuilder, { group }: ConvAttributes, _w: Value): boolean {
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
  const turned = transpose(g, flip(g, w, [2, 3]), [1, 0, 2, 3]);
  const margin = [0, 1, 2, 3].map(
    (side) => (dilations[side % 2] ?? 1) * ((w.dims[(side % 2) + 2] ?? 1) - 1) - (pads[side] ?? 0),
  );
  return blockedConv(g, [dy, filterInBlocks(g, turned)], x, {
    kernel_shape: w.dims.slice(2),
    pads: margin,
    dilations,
  });
}

/** As in the general form, with images in blocks instead of channels. */
export function weightGradient(
  g: GraphBuilder,
  x: Value,
  dy: Value,
  w: Shape,
  attributes: ConvAttributes,
): Value {
  const [out = 1, channels = 1, ...kernel] = w;
  const swapped = swappedAttributes(x.dims, w, attributes);
  const negative = [...swapped.before, ...swapped.behind].some((each) => each < 0);
  const exchanged = transpose(g, plain(g, x), [1, 0, 2, 3]);
  const input = negative ? pad(g, exchanged, swapped.before, swapped.behind) : exchanged;
  const margin = negative ? [0, 0, 0, 0] : [...swapped.before.slice(2), ...swapped.behind.slice(2)];
  const filter = imagesInBlocks(g, dy);
  const settings = { ...swapped.attributes, pads: margin };
  const spatial = outputDims(input.dims, dy.dims, { ...settings, group: 1 }).slice(2);
  const result = blockedConv(g, [blocked(g, input), filter], [channels, out, ...spatial], {
    kernel_shape: dy.dims.slice(2),
    ...settings,
  });
  return slice(g, transpose(g, plain(g, result), [1, 0, 2, 3]), [2, 3], [0, 0], kernel);
}

/** [out / block][in / block][kh][kw][block of in][block of out] */
function filterInBlocks(g: GraphBuilder, w: Value): Value {
  return g.once(`${w.name} as a filter`, () => {
    const [out = 1, channels = 1, ...kernel] = w.dims;
    const [outs, ins] = [blockedChannels(g, out), blockedChannels(g, channels)];
    const filledUp = resizeAxis(g, resizeAxis(g, w, 0, outs), 1, ins);
    const split = reshape(g, filledUp, [outs / g.block, g.block, ins / g.block, g.block, ...kernel]);
    return reshape(g, transpose(g, split, [0, 2, 4, 5, 3, 1]), [outs, ins, ...kernel]);
  });
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
