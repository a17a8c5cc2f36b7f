import { type ConvAttributes, type Shape, sizeOf } from '@espalier/network';
import { pad, reshape, slice, transpose } from '../../graph/arithmetic.ts';
import type { GraphBuilder, Value } from '../../graph/builder.ts';
import { plain } from '../../graph/layout.ts';

// A convolution with any setting, in the plain layout.

export function forward(
  g: GraphBuilder,
  x: Value,
  w: Value,
  b: Value | undefined,
  attributes: ConvAttributes,
): Value {
  const dims = outputDims(x.dims, w.dims, attributes);
  const { strides, pads, dilations, group } = attributes;
  const kernel_shape = w.dims.slice(2);
  return g.node('Conv', [plain(g, x), w, b], dims, { strides, pads, dilations, group, kernel_shape });
}

/** [n, c, h, w] of a convolution's output. */
export function outputDims(x: Shape, w: Shape, attributes: ConvAttributes): number[] {
  const space = [0, 1].map((i) => Math.floor(travel(x, w, attributes, i) / (attributes.strides[i] ?? 1)) + 1);
  return [x[0] ?? 1, w[0] ?? 1, ...space];
}

/** How far a window can be moved along an axis of the padded image. */
function travel(x: Shape, w: Shape, { pads, dilations }: ConvAttributes, i: number): number {
  const reach = (dilations[i] ?? 1) * ((w[i + 2] ?? 1) - 1) + 1;
  return (x[i + 2] ?? 1) + (pads[i] ?? 0) + (pads[i + 2] ?? 0) - reach;
}

/** Padded pixels at the end of an axis that no window reaches. */
export function remainder(x: Shape, w: Shape, attributes: ConvAttributes, i: number): number {
  return travel(x, w, attributes, i) % (attributes.strides[i] ?? 1);
}

/** A transposed convolution, filled up where the last strides of the way there did not fit. */
export function inputGradient(
  g: GraphBuilder,
  dy: Value,
  x: Shape,
  w: Value,
  attributes: ConvAttributes,
): Value {
  const { strides, pads, dilations, group } = attributes;
  const output_padding = [0, 1].map((i) => remainder(x, w.dims, attributes, i));
  return g.node('ConvTranspose', [plain(g, dy), w], x, {
    strides,
    pads,
    dilations,
    group,
    output_padding,
    kernel_shape: w.dims.slice(2),
  });
}

/**
 * A convolution of x as [c / group, group * n, h, w] with dy as [out, n, oh, ow] in as many conv-groups:
 * images are the channels, the filter's positions are the pixels of the result.
 */
export function weightGradient(
  g: GraphBuilder,
  x: Value,
  dy: Value,
  w: Shape,
  attributes: ConvAttributes,
): Value {
  const { strides, pads, dilations, group } = attributes;
  const [out = 1, perGroup = 1, ...kernel] = w;
  const [n = 1, , ...space] = x.dims;
  const grouped = reshape(g, plain(g, x), [n, group, perGroup * sizeOf(space)]);
  const images = transpose(g, reshape(g, grouped, [n, group, perGroup, ...space]), [2, 1, 0, 3, 4]);
  // Without the pixels that no window reached.
  const behind = [0, 1].map((i) => (pads[i + 2] ?? 0) - remainder(x.dims, w, attributes, i));
  const unpadded = reshape(g, images, [perGroup, group * n, ...space]);
  const input = pad(g, unpadded, [0, 0, ...pads.slice(0, 2)], [0, 0, ...behind]);
  const filter = transpose(g, plain(g, dy), [1, 0, 2, 3]);
  // Strides and dilations change places.
  const swapped = { strides: dilations, dilations: strides, pads: [0, 0, 0, 0], group };
  const result = forward(g, input, filter, undefined, swapped);
  const used = slice(g, result, [2, 3], [0, 0], kernel);
  return transpose(g, reshape(g, used, [perGroup, out, ...kernel]), [1, 0, 2, 3]);
}
