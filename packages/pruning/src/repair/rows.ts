import { seededRandom } from '@espalier/datasets';
import { floatTensor, type Node, namedNode, type Shape, sizeOf, type Tensor } from '@espalier/network';
import { columnsOf, type Layer } from './layer.ts';

/** Output positions of a batch, image by image: image * positions of one image + position. */
export type Positions = readonly number[];

/**
 * Draws positions of a layer's output, without repetition within an image, borders like all others.
 *
 * @param output its shape, batch first; all positions are taken where there are no more than `each`
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

/** Outputs of `gramNodes`. */
export const GRAM = { inputs: 'gram/xx', targets: 'gram/xy', squares: 'gram/yy' } as const;

/**
 * The nodes that make X'X [groups, d + 1, d + 1], X'Y [groups, d + 1, filters] and the sums of squares of Y
 * [groups, filters] of a batch. X has a last column of ones.
 *
 * @param x what the layer reads, y what it should compute, each with its shape for this batch
 * @param kept the filters of y that are left
 */
export function gramNodes(
  layer: Layer,
  positions: Positions,
  x: { readonly value: string; readonly shape: Shape },
  y: { readonly value: string; readonly shape: Shape; readonly kept: readonly number[] },
  lack?: { readonly should: string; readonly is: string; readonly factor: Float32Array },
): Rows {
  const constants = new Map<string, Tensor>();
  const nodes: Node[] = [];
  const node = (op: string, inputs: readonly string[], name: string, attributes: Node['attributes'] = {}) => {
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
    // Behind the last pixel of the last image lies one of zeros, which stands for whatever is outside.
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
  let wanted = rowsOf(y.value, 'y', y.kept);
  if (lack) {
    constants.set('lack/factor', floatTensor([lack.factor.length], lack.factor));
    const difference = [rowsOf(lack.should, 'should', y.kept), rowsOf(lack.is, 'is')];
    const missing = node('Mul', [node('Sub', difference, 'lack'), 'lack/factor'], 'lack/scaled');
    wanted = node('Add', [wanted, missing], 'y/amended');
  }
  const targets = byGroup(wanted, 1, filters, 'y');

  const turned = node('Transpose', [inputs], 'x/turned', { perm: [0, 2, 1] });
  node('MatMul', [turned, inputs], GRAM.inputs);
  node('MatMul', [turned, targets], GRAM.targets);
  const squares = node('Mul', [targets, targets], 'y/squares');
  node('ReduceSum', [squares], GRAM.squares, { axes: [1], keepdims: 0 });
  return { nodes, constants };
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
