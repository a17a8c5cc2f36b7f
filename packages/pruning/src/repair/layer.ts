import {
  type ConvAttributes,
  type ConvTransposeAttributes,
  type GemmAttributes,
  inputOf,
  type Network,
  type Node,
  type Shape,
} from '@espalier/network';

/**
 * A layer with weights, seen as a product of matrices: Y = X W, one of them a conv-group. A row is a position of its
 * output, a column of X an input channel at a tap of the window, a column of Y a filter.
 */
export interface Layer {
  readonly node: Node;
  /** The name of its weight, a constant. */
  readonly weight: string;
  readonly groups: number;
  /** Taps of the window: 1 for a dense layer. */
  readonly taps: number;
  /** Input channels of one conv-group. */
  readonly channels: number;
  /** Filters of one conv-group. */
  readonly filters: number;
  /** What the product is multiplied by. */
  readonly alpha: number;
  /** What the bias is multiplied by. */
  readonly beta: number;
  /** Where a weight is in its tensor; all but `group` are counted within the conv-group. */
  at(group: number, tap: number, channel: number, filter: number): number;
  /** Of a convolution: the input position that a tap reads for an output position, both row by row; -1 outside. */
  readonly reads?: (output: number, tap: number, input: Shape, outputShape: Shape) => number;
}

/** Columns of X of one conv-group. */
export function columnsOf({ taps, channels }: Layer): number {
  return taps * channels;
}

/** The layer that a node is; a reason where it cannot be repaired; undefined where it has no weights. */
export function layerOf(network: Network, node: Node): Layer | string | undefined {
  if (node.op === 'Conv') return convOf(network, node as Node<ConvAttributes>);
  if (node.op === 'ConvTranspose') return convTransposeOf(network, node as Node<ConvTransposeAttributes>);
  if (node.op === 'Gemm') return gemmOf(network, node as Node<GemmAttributes>);
  if (node.op === 'MatMul') return matMulOf(network, node);
  return undefined;
}

const COMPUTED = 'its weight is computed by other nodes';

function dimsOf(network: Network, node: Node): Shape | undefined {
  return network.constants.get(inputOf(node, 1))?.dims;
}

function convOf(network: Network, node: Node<ConvAttributes>): Layer | string {
  const dims = dimsOf(network, node);
  if (!dims) return COMPUTED;
  const [out = 1, channels = 1, height = 1, width = 1] = dims;
  const { group, strides, pads, dilations } = node.attributes;
  const [filters, taps] = [out / group, height * width];
  return {
    ...{ node, weight: inputOf(node, 1), groups: group, taps, channels, filters, alpha: 1, beta: 1 },
    at: (g, tap, channel, filter) => ((g * filters + filter) * channels + channel) * taps + tap,
    reads(output, tap, [, , h = 1, w = 1], [, , , outWidth = 1]) {
      const row = Math.floor(output / outWidth) * (strides[0] ?? 1) - (pads[0] ?? 0);
      const column = (output % outWidth) * (strides[1] ?? 1) - (pads[1] ?? 0);
      const y = row + Math.floor(tap / width) * (dilations[0] ?? 1);
      const x = column + (tap % width) * (dilations[1] ?? 1);
      return y >= 0 && y < h && x >= 0 && x < w ? y * w + x : -1;
    },
  };
}

function convTransposeOf(network: Network, node: Node<ConvTransposeAttributes>): Layer | string {
  const dims = dimsOf(network, node);
  if (!dims) return COMPUTED;
  const [incoming = 1, filters = 1, height = 1, width = 1] = dims;
  const { group, strides, pads, dilations } = node.attributes;
  const [channels, taps] = [incoming / group, height * width];
  /** The input index that is under an output index, if any. */
  const under = (position: number, axis: number, extent: number) => {
    const stride = strides[axis] ?? 1;
    const at = position + (pads[axis] ?? 0);
    return at % stride === 0 && at >= 0 && at / stride < extent ? at / stride : -1;
  };
  return {
    ...{ node, weight: inputOf(node, 1), groups: group, taps, channels, filters, alpha: 1, beta: 1 },
    at: (g, tap, channel, filter) => ((g * channels + channel) * filters + filter) * taps + tap,
    reads(output, tap, [, , h = 1, w = 1], [, , , outWidth = 1]) {
      const y = under(Math.floor(output / outWidth) - Math.floor(tap / width) * (dilations[0] ?? 1), 0, h);
      const x = under((output % outWidth) - (tap % width) * (dilations[1] ?? 1), 1, w);
      return y >= 0 && x >= 0 ? y * w + x : -1;
    },
  };
}

function gemmOf(network: Network, node: Node<GemmAttributes>): Layer | string {
  const dims = dimsOf(network, node);
  if (!dims) return COMPUTED;
  const { transB, alpha, beta } = node.attributes;
  if (alpha === 0 || (beta === 0 && node.inputs[2] !== undefined))
    return 'it multiplies its weight or bias by 0';
  const [channels = 1, filters = 1] = transB ? dims.toReversed() : dims;
  return {
    ...{ node, weight: inputOf(node, 1), groups: 1, taps: 1, channels, filters, alpha, beta },
    at: (_, __, channel, filter) => (transB ? filter * channels + channel : channel * filters + filter),
  };
}

function matMulOf(network: Network, node: Node): Layer | string | undefined {
  const dims = dimsOf(network, node);
  // A product of two computed values has no weights.
  if (!dims) return undefined;
  if (dims.length !== 2) return 'its weight has axes beside those of a matrix';
  const [channels = 1, filters = 1] = dims;
  return {
    ...{ node, weight: inputOf(node, 1), groups: 1, taps: 1, channels, filters, alpha: 1, beta: 1 },
    at: (_, __, channel, filter) => channel * filters + filter,
  };
}

/** The layer's weights as matrices [groups, columns, filters], a column being (tap, channel). */
export function matrixOf(layer: Layer, weights: ArrayLike<number>): Float64Array {
  const matrix = new Float64Array(layer.groups * columnsOf(layer) * layer.filters);
  eachWeight(layer, (index, at) => {
    matrix[index] = layer.alpha * (weights[at] ?? 0);
  });
  return matrix;
}

/** The other way round. */
export function weightsOf(layer: Layer, matrix: Float64Array): Float32Array {
  const weights = new Float32Array(matrix.length);
  eachWeight(layer, (index, at) => {
    weights[at] = (matrix[index] ?? 0) / layer.alpha;
  });
  return weights;
}

function eachWeight(layer: Layer, visit: (index: number, at: number) => void): void {
  const { groups, taps, channels, filters } = layer;
  let index = 0;
  for (let group = 0; group < groups; group++)
    for (let tap = 0; tap < taps; tap++)
      for (let channel = 0; channel < channels; channel++)
        for (let filter = 0; filter < filters; filter++)
          visit(index++, layer.at(group, tap, channel, filter));
}
