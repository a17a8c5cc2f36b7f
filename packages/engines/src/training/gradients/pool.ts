import {
  type FloatTensor,
  floatTensor,
  type Node,
  operationOf,
  type PoolAttributes,
  sizeOf,
} from '@espalier/network';
import { add, div, expand, flat, mul, pad, reduce, reshape, sub, sum, unary } from '../graph/arithmetic.ts';
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

/** Padding behind that gives as many windows: what ONNX infers for ceil_mode is not what runtimes compute. */
function withoutCeiling(
  { attributes }: Node<PoolAttributes>,
  x: Value,
  out: readonly number[],
): PoolAttributes {
  if (attributes.ceil_mode === 0) return attributes;
  const { kernel_shape, strides, pads, dilations = [1, 1] } = attributes;
  const behind = [0, 1].map((i) => {
    const reach = ((kernel_shape[i] ?? 1) - 1) * (dilations[i] ?? 1) + 1;
    const end = ((out[i + 2] ?? 1) - 1) * (strides[i] ?? 1) + reach;
    return Math.max(0, end - (x.dims[i + 2] ?? 1) - (pads[i] ?? 0));
  });
  return { ...attributes, ceil_mode: 0, pads: [...pads.slice(0, 2), ...behind] };
}

/** Windows that cover the image side by side, so that every pixel lies in exactly one. */
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
    dx: (dy) => spreadOverWindows(g, div(g, dy, g.constant(windowSizes(node, x, dims))), node, x),
  };
});

function averaged(g: GraphBuilder, node: Node<PoolAttributes>, x: Value, dims: readonly number[]): Value {
  const { ceil_mode, count_include_pad } = node.attributes;
  if (ceil_mode === 0) return g.node('AveragePool', [x], dims, node.attributes);
  const uncounted = { ...withoutCeiling(node, x, dims), count_include_pad: 0 };
  const y = g.node('AveragePool', [x], dims, uncounted);
  if (!count_include_pad) return y;
  const [real, counted] = [{ ...node, attributes: uncounted }, node].map((each) =>
    windowSizes(each, x, dims),
  );
  return div(g, mul(g, y, g.constant(real as FloatTensor)), g.constant(counted as FloatTensor));
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

/** [1, 1, oh, ow]: how many pixels each window averages over. */
function windowSizes({ attributes }: Node<PoolAttributes>, x: Value, out: readonly number[]) {
  const { kernel_shape, strides, pads, count_include_pad = 0 } = attributes;
  const along = [0, 1].map((i) => {
    const [kernel, stride] = [kernel_shape[i] ?? 1, strides[i] ?? 1];
    const [before, extent, behind] = [pads[i] ?? 0, x.dims[i + 2] ?? 1, pads[i + 2] ?? 0];
    return Array.from({ length: out[i + 2] ?? 1 }, (_, o) => {
      const start = o * stride - before;
      const [low, high] = count_include_pad ? [-before, extent + behind] : [0, extent];
      return Math.min(start + kernel, high) - Math.max(start, low);
    });
  });
  const [rows = [], columns = []] = along;
  const sizes = rows.flatMap((row) => columns.map((column) => row * column));
  return floatTensor([1, 1, rows.length, columns.length], sizes);
}

export const globalAveragePool = ofOneOperand('GlobalAveragePool', (g, x) => {
  const axes = x.dims.flatMap((_, axis) => (axis < 2 ? [] : [axis]));
  return {
    y: reduce(g, 'ReduceMean', x, axes),
    dx: (dy) => expand(g, div(g, dy, sizeOf(x.dims.slice(2))), x.dims),
  };
});

/** Pixels that share the maximum share its gradient. */
function maximum(op: string, axesOf: (node: Node, x: Value) => readonly number[]) {
  return ofOneOperand(op, (g, x, node) => {
    const [dims = []] = operationOf(node).shapes(node, [x.dims]);
    const axes = axesOf(node, x);
    const kept = reduce(g, 'ReduceMax', x, axes);
    return {
      y: reshape(g, kept, dims),
      dx(gradient) {
        const dy = reshape(g, gradient, kept.dims);
        // 1 where x is the maximum, for x - maximum <= 0 everywhere else
        const won = add(g, unary(g, 'Sign', sub(g, x, kept)), 1);
        return mul(g, won, div(g, dy, sum(g, won, axes)));
      },
    };
  });
}

export const globalMaxPool = maximum('GlobalMaxPool', (_node, x) => [...x.dims.keys()].slice(2));
export const reduceMax = maximum('ReduceMax', (node) => node.attributes.axes as readonly number[]);
