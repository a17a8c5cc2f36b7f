import { broadcast, type Shape, sizeOf } from '@espalier/network';
import { filled, type GraphBuilder, type Value } from './builder.ts';
import { RUNTIME_DOMAIN } from './domains.ts';

// One function for each operation that gradients are written in. Operands are plain unless it says so.

type Operand = Value | number;

export const add = binary('Add');
export const sub = binary('Sub');
export const mul = binary('Mul');
export const div = binary('Div');

/** Both operands in the same layout, or one of them a single number. */
function binary(op: string) {
  return (g: GraphBuilder, a: Operand, b: Operand): Value => {
    const asValue = (each: Operand) => (typeof each === 'number' ? g.scalar(each) : each);
    const [left, right] = [asValue(a), asValue(b)];
    const layout = left.layout === 'blocked' || right.layout === 'blocked' ? 'blocked' : 'plain';
    for (const { layout: own, dims } of [left, right]) {
      if (own !== layout && sizeOf(dims) !== 1) throw new Error(`${op} of a ${layout} and a ${own} value`);
    }
    return g.node(op, [left, right], broadcast(left.dims, right.dims), {}, { layout });
  };
}

/** Any operation of one operand that keeps its shape; in the operand's layout. */
export function unary(g: GraphBuilder, op: string, x: Value, attributes = {}): Value {
  return g.node(op, [x], x.dims, attributes, { layout: x.layout });
}

/** `attributes` hold min, max or both; in the operand's layout. */
export function clip(g: GraphBuilder, x: Value, attributes: { min?: number; max?: number }): Value {
  return unary(g, 'Clip', x, attributes);
}

/** 1 where x > 0, 0 where x <= 0 (and in between for 0 < x < 1e-30); in the operand's layout. */
export function positive(g: GraphBuilder, x: Value): Value {
  // A product and a Clip are vectorised in ONNX Runtime, Sign and Where are three times slower.
  return g.once(`${x.name} > 0`, () => clip(g, mul(g, x, 1e30), { min: 0, max: 1 }));
}

export function reshape(g: GraphBuilder, x: Value, dims: Shape): Value {
  if (same(x.dims, dims)) return x;
  return g.node('Reshape', [x], dims, { shape: dims });
}

export function flat(g: GraphBuilder, x: Value): Value {
  return reshape(g, x, [sizeOf(x.dims)]);
}

export function transpose(g: GraphBuilder, x: Value, perm: readonly number[]): Value {
  if (perm.every((axis, i) => axis === i)) return x;
  return g.node(
    'Transpose',
    [x],
    perm.map((axis) => x.dims[axis] ?? 1),
    { perm },
  );
}

/** Zeros before and after each axis; negative pads take away. */
export function pad(g: GraphBuilder, x: Value, before: readonly number[], behind: readonly number[]): Value {
  if ([...before, ...behind].every((each) => each === 0)) return x;
  const dims = x.dims.map((extent, axis) => extent + (before[axis] ?? 0) + (behind[axis] ?? 0));
  return g.node('Pad', [x], dims, { pads: [...before, ...behind], mode: 'constant', value: 0 });
}

/** Zeros before and after one axis. */
export function padAxis(g: GraphBuilder, x: Value, axis: number, before: number, behind: number): Value {
  const along = (count: number) => x.dims.map((_, i) => (i === axis ? count : 0));
  return pad(g, x, along(before), along(behind));
}

/** Brings one axis to a length, with zeros after or by taking away at the end. */
export function resizeAxis(g: GraphBuilder, x: Value, axis: number, extent: number): Value {
  return padAxis(g, x, axis, 0, extent - (x.dims[axis] ?? 0));
}

export function slice(
  g: GraphBuilder,
  x: Value,
  axes: readonly number[],
  starts: readonly number[],
  ends: readonly number[],
  steps: readonly number[] = axes.map(() => 1),
): Value {
  const dims = [...x.dims];
  axes.forEach((axis, i) => {
    dims[axis] = Math.ceil(((ends[i] ?? 0) - (starts[i] ?? 0)) / (steps[i] ?? 1));
  });
  if (same(dims, x.dims)) return x;
  return g.node('Slice', [x], dims, { axes, starts, ends, steps });
}

/** The other way round along these axes. */
export function flip(g: GraphBuilder, x: Value, axes: readonly number[]): Value {
  const turned = axes.filter((axis) => (x.dims[axis] ?? 1) > 1);
  if (turned.length === 0) return x;
  return g.node('Slice', [x], x.dims, {
    axes: turned,
    starts: turned.map(() => -1),
    ends: turned.map(() => -(2 ** 31)),
    steps: turned.map(() => -1),
  });
}

export function concat(g: GraphBuilder, values: readonly Value[], axis: number): Value {
  const [first] = values;
  if (!first) throw new Error('nothing to join');
  if (values.length === 1) return first;
  const extent = values.reduce((sum, { dims }) => sum + (dims[axis] ?? 0), 0);
  const dims = first.dims.map((old, i) => (i === axis ? extent : old));
  return g.node('Concat', values, dims, { axis });
}

export function reduce(
  g: GraphBuilder,
  op: 'ReduceSum' | 'ReduceMean' | 'ReduceMax' | 'ReduceSumSquare',
  x: Value,
  axes: readonly number[],
  keepdims = true,
): Value {
  if (axes.length === 0 && op !== 'ReduceSumSquare') return x;
  const dims = x.dims.flatMap((extent, axis) => (axes.includes(axis) ? (keepdims ? [1] : []) : [extent]));
  return g.node(op, [x], dims, { axes, keepdims: keepdims ? 1 : 0 });
}

export function sum(g: GraphBuilder, x: Value, axes: readonly number[], keepdims = true): Value {
  return reduce(g, 'ReduceSum', x, axes, keepdims);
}

/** The gradient of a broadcast operand: what was spread over axes is summed over them. */
export function unbroadcast(g: GraphBuilder, gradient: Value, dims: Shape): Value {
  const lead = gradient.dims.length - dims.length;
  const axes = gradient.dims.flatMap((extent, axis) =>
    axis < lead || (dims[axis - lead] === 1 && extent !== 1) ? [axis] : [],
  );
  return reshape(g, sum(g, gradient, axes), dims);
}

/** Repeats a value to a larger shape, by NumPy's rule. */
export function expand(g: GraphBuilder, x: Value, dims: Shape): Value {
  return same(x.dims, dims) ? x : mul(g, x, g.constant(filled(dims, 1)));
}

/** Matrix product over the last two axes; either operand may be taken transposed, without a copy. */
export function matmul(
  g: GraphBuilder,
  a: Value,
  b: Value,
  { transA = false, transB = false }: { readonly transA?: boolean; readonly transB?: boolean } = {},
): Value {
  const rows = a.dims.at(transA ? -1 : -2) ?? 1;
  const columns = b.dims.at(transB ? -2 : -1) ?? 1;
  const dims = [...broadcast(a.dims.slice(0, -2), b.dims.slice(0, -2)), rows, columns];
  if (!transA && !transB) return g.node('MatMul', [a, b], dims);
  const attributes = { transA: transA ? 1 : 0, transB: transB ? 1 : 0 };
  return g.node('FusedMatMul', [a, b], dims, attributes, { domain: RUNTIME_DOMAIN });
}

export function same(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((extent, axis) => extent === b[axis]);
}
