import {
  countedPixels,
  floatTensor,
  type Node,
  operationOf,
  type PoolAttributes,
  reachedBehind,
  type Shape,
  sizeOf,
} from '@espalier/network';
import { div, flat, mul, pad, reshape } from '../graph/arithmetic.ts';
import { filled, type GraphBuilder, type Value } from '../graph/builder.ts';
import { ofOneOperand } from './differentiation.ts';

/** The gradient goes to the pixel that won, which MaxPool's second output names. */
export const maxPool = ofOneOperand<PoolAttributes>('MaxPool', (g, x, node) => {
  const [dims = []] = operationOf(node).shapes(node, [x.dims]);
  const [y, indices] = g.nodeWithOutputs('MaxPool', [x], [dims, dims], withoutCeiling(node, x, dims));
  if (!y || !indices) throw new Error('MaxPool has two outputs');
  const { kernel_shape, strides } = node.attributes;
  return {
    y,
    dx: (dy) =>
      tiles(node, x)
        ? g.node('MaxUnpool', [dy, indices], x.dims, { kernel_shape, strides })
        : scattered(g, dy, indices, x),
  };
});

/** Padding after that gives as many windows: what ONNX infers for ceil_mode is not what runtimes compute. */
function withoutCeiling({ attributes }: Node<PoolAttributes>, x: Value, out: Shape): PoolAttributes {
  if (attributes.ceil_mode === 0) return attributes;
  const behind = reachedBehind(attributes, x.dims, out).map((count) => Math.max(0, count));
  return { ...attributes, ceil_mode: 0, pads: [...attributes.pads.slice(0, 2), ...behind] };
}

/** Windows that cover the image side by side, so that every pixel is in exactly one. */
function tiles({ attributes }: Node<PoolAttributes>, x: Value): boolean {
  const { kernel_shape, strides, pads, dilations = [1, 1] } = attributes;
  return [0, 1].every(
    (i) =>
      kernel_shape[i] === strides[i] &&
      (x.dims[i + 2] ?? 1) % (strides[i] ?? 1) === 0 &&
      dilations[i] === 1 &&
      pads[i] === 0 &&
      pads[i + 2] === 0,
  );
}

/** Windows overlap: a pixel that won several times gets the sum. */
function scattered(g: GraphBuilder, dy: Value, indices: Value, x: Value): Value {
  const zeros = g.constant(filled([sizeOf(x.dims)], 0));
  const positions = flat(g, indices);
  const dx = g.node('ScatterElements', [zeros, positions, flat(g, dy)], zeros.dims, {
    axis: 0,
    reduction: 'add',
  });
  return reshape(g, dx, x.dims);
}

/** Every pixel of a window gets an equal share: a depthwise transposed convolution with ones. */
export const averagePool = ofOneOperand<PoolAttributes>('AveragePool', (g, x, node) => {
  const [dims = []] = operationOf(node).shapes(node, [x.dims]);
  return {
    y: averaged(g, node, x, dims),
    dx: (dy) => spreadOverWindows(g, div(g, dy, windowSizes(g, node.attributes, x, dims)), node, x),
  };
});

function averaged(g: GraphBuilder, node: Node<PoolAttributes>, x: Value, dims: Shape): Value {
  const { ceil_mode, count_include_pad } = node.attributes;
  if (ceil_mode === 0) return g.node('AveragePool', [x], dims, node.attributes);
  const uncounted = { ...withoutCeiling(node, x, dims), count_include_pad: 0 };
  const y = g.node('AveragePool', [x], dims, uncounted);
  if (!count_include_pad) return y;
  return div(g, mul(g, y, windowSizes(g, uncounted, x, dims)), windowSizes(g, node.attributes, x, dims));
}

/** [1, 1, oh, ow]: how many pixels each window averages over. */
function windowSizes(g: GraphBuilder, attributes: PoolAttributes, x: Value, out: Shape): Value {
  return g.constant(floatTensor([1, 1, ...out.slice(2)], countedPixels(attributes, x.dims, out)));
}

function spreadOverWindows(
  g: GraphBuilder,
  shares: Value,
  { attributes }: Node<PoolAttributes>,
  x: Value,
): Value {
  const { kernel_shape, strides, pads } = attributes;
  const [, channels = 1, ...space] = x.dims;
  const ones = g.constant(filled([channels, 1, ...kernel_shape], 1));
  const reach = space.map(
    (_, i) => ((shares.dims[i + 2] ?? 1) - 1) * (strides[i] ?? 1) + (kernel_shape[i] ?? 1),
  );
  const all = g.node('ConvTranspose', [shares, ones], [x.dims[0] ?? 1, channels, ...reach], {
    kernel_shape,
    strides,
    pads: [0, 0, 0, 0],
    dilations: [1, 1],
    group: channels,
  });
  // Taken away: the padding before; behind, the padding or what no window reached.
  const before = [0, 0, -(pads[0] ?? 0), -(pads[1] ?? 0)];
  const behind = space.map((extent, i) => extent + (pads[i] ?? 0) - (reach[i] ?? 0));
  return pad(g, all, before, [0, 0, ...behind]);
}
