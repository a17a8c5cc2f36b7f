import { seededRandom } from '@espalier/datasets';
import { floatTensor, type Node, namedNode, type Shape, sizeOf, type Tensor } from '@espalier/network';
import { type Behind, inverseOf } from './behind.ts';
import { columnsOf, type Layer } from './layer.ts';

/** Output positions of a batch, image by image: image * positions of one image + position. */
export type Positions = readonly number[];

/**
 * Draws positions of a layer's output, without repetition within an image, borders like all others.
 *
 * @param output its shape, batch first; all positions are taken if there are no more than `each`
 */
export function drawPositions(layer: Layer, output: Shape, each: number, seed: number): Positions {
  const images = output[0] ?? 1;
  const positions = positionsOf(layer, output);
  const next = seededRandom(seed);
  return Array.from({ length: images }, (_, image) => {
    const drawn = new Set<number>();
    if (positions <= each) for (let i = 0; i < positions; i++) drawn.add(i);
    while (drawn.size < Math.min(each, positions)) drawn.add(Math.floor(next() * positions));
    return [...drawn].sort((a, b) => a - b).map((position) => image * positions + position);
  }).flat();
}

/** Output positions of one image: pixels of a convolution, rows of a dense layer. */
function positionsOf(layer: Layer, output: Shape): number {
  return sizeOf(layer.reads ? output.slice(2) : output.slice(1, -1));
}

/** What is computed of a batch, and of which nodes and constants. */
export interface Rows {
  readonly nodes: readonly Node[];
  readonly constants: ReadonlyMap<string, Tensor>;
}

/** What a layer is to compute. */
export interface Wanted {
  readonly behind: Behind;
  /** The stream in the unpruned network, and as it is. */
  readonly stream?: { readonly should: string; readonly is: string } | undefined;
  /** Weights that are known so far, [groups, columns + 1, filters] with the bias, for a layer that is rectified. */
  readonly predicted?: Float32Array | undefined;
}

type NodeMaker = (
  op: string,
  inputs: readonly string[],
  name: string,
  attributes?: Node['attributes'],
) => string;

/** Outputs of `gramNodes`. */
export const GRAM = { inputs: 'gram/xx', targets: 'gram/xy', squares: 'gram/yy' } as const;

/**
 * The nodes that make X'X [groups, d + 1, d + 1], X'Y [groups, d + 1, filters] and the sums of squares of Y
 * [groups, filters] of a batch. X has a last column of ones.
 *
 * @param x what the layer reads, y what it computes in the unpruned network, each with its shape for this batch
 * @param kept the filters of y that are left
 * @param wanted how Y follows from y: see `Wanted`
 */
export function gramNodes(
  layer: Layer,
  positions: Positions,
  x: { readonly value: string; readonly shape: Shape },
  y: { readonly value: string; readonly shape: Shape; readonly kept: readonly number[] },
  wanted: Wanted,
): Rows {
  const constants = new Map<string, Tensor>();
  const nodes: Node[] = [];
  const node: NodeMaker = (op, inputs, name, attributes = {}) => {
    nodes.push(namedNode(op, inputs, name, attributes));
    return name;
  };
  const { groups, taps, channels, filters } = layer;
  const rows = positions.length;
  /** [images, c, h, w] or [images, ..., c] as [images * positions, c] */
  const flat = (value: string, shape: Shape, name: string) => {
    const last = layer.reads ? node('Transpose', [value], `${name}/last`, { perm: [0, 2, 3, 1] }) : value;
    return node('Reshape', [last], `${name}/flat`, {
      shape: [-1, shape[layer.reads ? 1 : shape.length - 1] ?? 1],
    });
  };
  /** [rows, taps, groups * width] as [groups, rows, taps * width] */
  const byGroup = (value: string, taps: number, width: number, name: string) => {
    if (groups === 1) return node('Reshape', [value], `${name}/matrix`, { shape: [1, rows, taps * width] });
    const parts = node('Reshape', [value], `${name}/parts`, { shape: [rows, taps, groups, width] });
    const first = node('Transpose', [parts], `${name}/groups`, { perm: [2, 0, 1, 3] });
    return node('Reshape', [first], `${name}/matrix`, { shape: [groups, rows, taps * width] });
  };

  let source = flat(x.value, x.shape, 'x');
  let picked: number[] = [...positions];
  if (layer.reads) {
    const pixels = sizeOf(x.shape.slice(2));
    // After the last pixel of the last image lies one of zeros, which stands for whatever is outside.
    const outside = (x.shape[0] ?? 1) * pixels;
    const { reads } = layer;
    const each = positionsOf(layer, y.shape);
    picked = positions.flatMap((position) => {
      const [image, output] = [Math.floor(position / each), position % each];
      return Array.from({ length: taps }, (_, tap) => {
        const input = reads(output, tap, x.shape, y.shape);
        return input < 0 ? outside : image * pixels + input;
      });
    });
    if (picked.includes(outside)) {
      constants.set('x/zero', floatTensor([1, x.shape[1] ?? 1], new Float32Array(x.shape[1] ?? 1)));
      source = node('Concat', [source, 'x/zero'], 'x/bordered', { axis: 0 });
    }
  }
  const patches = node('Gather', [source], 'x/patches', { axis: 0, indices: picked });
  const matrix = byGroup(patches, taps, channels, 'x');
  constants.set('x/ones', floatTensor([groups, rows, 1], new Float32Array(groups * rows).fill(1)));
  const inputs = node('Concat', [matrix, 'x/ones'], 'x/with-ones', { axis: 2 });

  /** Rows of a value that is shaped like the layer's output. */
  const rowsOf = (value: string, name: string, kept?: readonly number[]) => {
    const width = kept ? (y.shape[layer.reads ? 1 : y.shape.length - 1] ?? 1) : y.kept.length;
    const shape = y.shape.with(layer.reads ? 1 : y.shape.length - 1, width);
    const all = node('Gather', [flat(value, shape, name)], `${name}/rows`, { axis: 0, indices: positions });
    if (!kept || kept.length === width) return all;
    return node('Gather', [all], `${name}/kept`, { axis: 1, indices: kept });
  };
  const targets = targetNodes(
    layer,
    wanted,
    { node, constants },
    {
      inputs,
      unpruned: byGroup(rowsOf(y.value, 'y', y.kept), 1, filters, 'y'),
      ...(wanted.stream && {
        should: byGroup(rowsOf(wanted.stream.should, 'should', y.kept), 1, filters, 'should'),
        is: byGroup(rowsOf(wanted.stream.is, 'is'), 1, filters, 'is'),
      }),
    },
  );
  const turned = node('Transpose', [inputs], 'x/turned', { perm: [0, 2, 1] });
  node('MatMul', [turned, inputs], GRAM.inputs);
  node('MatMul', [turned, targets], GRAM.targets);
  const squares = node('Mul', [targets, targets], 'y/squares');
  node('ReduceSum', [squares], GRAM.squares, { axes: [1], keepdims: 0 });
  return { nodes, constants };
}

/**
 * The rows that a layer should compute: those of the unpruned network; if there is a stream, with what it lacks; and
 * where the sum is rectified and below zero, whatever the layer computes there that is below zero, too: it makes no
 * difference. So the error of the rectified values falls (Zhang, Zou, He, Sun, "Accelerating very deep convolutional
 * networks", 2016, section 3.2, has the same idea by other means).
 */
function targetNodes(
  { groups, filters }: Layer,
  { behind: { scale, shift }, predicted }: Wanted,
  { node, constants }: { node: NodeMaker; constants: Map<string, Tensor> },
  rows: {
    readonly inputs: string;
    readonly unpruned: string;
    readonly should?: string;
    readonly is?: string;
  },
): string {
  const vector = (name: string, values: Float32Array) => {
    constants.set(name, floatTensor([groups, 1, filters], values));
    return name;
  };
  const inverse = vector('behind/inverse', inverseOf(scale));
  const { unpruned, should, is } = rows;
  const affine = (value: string, name: string) => {
    const scaled = node('Mul', [value, vector('behind/scale', scale)], `${name}/scaled`);
    const shifted = node('Add', [scaled, vector('behind/shift', shift)], `${name}/shifted`);
    return is === undefined ? shifted : node('Add', [shifted, is], `${name}/sum`);
  };
  let targets = unpruned;
  if (should !== undefined && is !== undefined) {
    const lack = node('Sub', [should, is], 'lack');
    targets = node('Add', [targets, node('Mul', [lack, inverse], 'lack/own')], 'amended');
  }
  if (!predicted) return targets;
  constants.set(
    'predicted/weights',
    floatTensor([groups, predicted.length / groups / filters, filters], predicted),
  );
  const sum = affine(targets, 'wanted');
  const product = node('MatMul', [rows.inputs, 'predicted/weights'], 'predicted');
  const below = node('Clip', [affine(product, 'predicted')], 'predicted/below', { max: 0 });
  // 1 where the sum is below zero.
  constants.set('steep', floatTensor([], [-1e6]));
  const isBelow = node('Clip', [node('Mul', [sum, 'steep'], 'steep/sum')], 'is-below', { min: 0, max: 1 });
  const left = node('Mul', [below, isBelow], 'left');
  const rectified = node('Add', [node('Relu', [sum], 'rectified'), left], 'rectified/target');
  const change = node('Mul', [node('Sub', [rectified, sum], 'change'), inverse], 'change/own');
  return node('Add', [targets, change], 'targets');
}

/** Sums over rows: of X'X, X'Y and Y squared, and how many rows there were. In double precision. */
export interface Gram {
  readonly groups: number;
  /** Columns of X without that of ones, which is the last. */
  readonly columns: number;
  readonly filters: number;
  rows: number;
  /** [groups, columns + 1, columns + 1] */
  readonly xx: Float64Array;
  /** [groups, columns + 1, filters] */
  readonly xy: Float64Array;
  /** [groups, filters] */
  readonly yy: Float64Array;
}

export function emptyGram(layer: Layer): Gram {
  const { groups, filters } = layer;
  const columns = columnsOf(layer);
  return {
    ...{ groups, columns, filters, rows: 0 },
    xx: new Float64Array(groups * (columns + 1) ** 2),
    xy: new Float64Array(groups * (columns + 1) * filters),
    yy: new Float64Array(groups * filters),
  };
}

/** Adds to the first gram what another one, or a batch, has. */
export function addGram(
  to: Gram,
  { rows, xx, xy, yy }: Readonly<Record<'xx' | 'xy' | 'yy', ArrayLike<number>>> & { readonly rows: number },
): void {
  to.rows += rows;
  addTo(to.xx, xx);
  addTo(to.xy, xy);
  addTo(to.yy, yy);
}

function addTo(sums: Float64Array, values: ArrayLike<number>): void {
  for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] ?? 0) + (values[i] ?? 0);
}
