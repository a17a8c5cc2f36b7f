import { type Shape, sizeOf, stridesOf } from '@espalier/network';
import { type Constant, MOST_ELEMENTS, makeConstant } from '../constant.ts';
import { type FileNode, nodeError } from '../file-node.ts';
import { type Fold, operand } from './folder.ts';

type Kind = Constant['kind'];

/** One number from one. */
function unary(compute: (x: number) => number, kind?: Kind): Fold {
  return (node, inputs) => {
    const x = operand(node, inputs, 0);
    return makeConstant(kind ?? x, x.dims, x.data.length, (i) => compute(x.data[i] ?? 0));
  };
}

/** One number from two, broadcast; `compute` also learns whether they are integers. */
function binary(compute: (a: number, b: number, integers: boolean) => number, kind?: Kind): Fold {
  return (node, inputs) => combine(node, [operand(node, inputs, 0), operand(node, inputs, 1)], compute, kind);
}

/** One number from any number of them. */
function several(compute: (a: number, b: number) => number): Fold {
  return (node, inputs) => {
    const all = inputs.map((_, i) => operand(node, inputs, i));
    const [first = operand(node, inputs, 0)] = all;
    const dims = broadcastShape(
      node,
      all.map((each) => each.dims),
    );
    // Each value of the result is computed of so many.
    const [most, given] = [sizeOf(dims) * all.length, all.reduce((sum, { data }) => sum + data.length, 0)];
    if (most > Math.max(MOST_ELEMENTS, given))
      throw nodeError(node, `its ${all.length} inputs are too large`);
    const [left = () => 0, ...others] = all.map((each) => broadcastValues(each, dims));
    return makeConstant(first, dims, given, (i) =>
      others.reduce((sum, value) => compute(sum, value(i)), left(i)),
    );
  };
}

function combine(
  node: FileNode,
  [a, b]: readonly [Constant, Constant],
  compute: (a: number, b: number, integers: boolean) => number,
  kind: Kind | Constant = a,
): Constant {
  const dims = broadcastShape(node, [a.dims, b.dims]);
  const [left, right] = [broadcastValues(a, dims), broadcastValues(b, dims)];
  const integers = a.kind !== 'float';
  return makeConstant(kind, dims, a.data.length + b.data.length, (i) => compute(left(i), right(i), integers));
}

export function broadcastShape(node: FileNode, shapes: readonly Shape[]): Shape {
  const rank = Math.max(...shapes.map(({ length }) => length));
  return Array.from({ length: rank }, (_, i) => {
    const extents = new Set(shapes.map((shape) => shape[i - rank + shape.length] ?? 1));
    extents.delete(1);
    if (extents.size > 1) {
      throw nodeError(node, `shapes ${shapes.map((s) => `[${s}]`).join(', ')} cannot be broadcast together`);
    }
    return [...extents][0] ?? 1;
  });
}

/** Where the element of an index of the broadcast shape is in a tensor of shape `from`. */
function broadcastIndex(from: Shape, to: Shape): (index: number) => number {
  if (sizeOf(from) === sizeOf(to)) return (index) => index;
  const missing = to.length - from.length;
  const strides = stridesOf(from);
  const steps = to.map((_, axis) => (from[axis - missing] === 1 ? 0 : (strides[axis - missing] ?? 0)));
  return stepping(to, steps);
}

/** Where an element of a tensor of shape `dims` is read, `steps[axis]` lying between neighbours along each axis. */
export function stepping(dims: Shape, steps: readonly number[]): (index: number) => number {
  return (index) => {
    let [rest, at] = [index, 0];
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      const extent = dims[axis] ?? 1;
      at += (rest % extent) * (steps[axis] ?? 0);
      rest = Math.floor(rest / extent);
    }
    return at;
  };
}

/** A constant's values by the index of the shape that it is broadcast to. */
export function broadcastValues({ dims, data }: Constant, to: Shape): (index: number) => number {
  const at = broadcastIndex(dims, to);
  return (index) => data[at(index)] ?? 0;
}

const where: Fold = (node, inputs) => {
  const [condition, yes, no] = [operand(node, inputs, 0), operand(node, inputs, 1), operand(node, inputs, 2)];
  const dims = broadcastShape(node, [condition.dims, yes.dims, no.dims]);
  const holds = broadcastValues(condition, dims);
  const [first, second] = [broadcastValues(yes, dims), broadcastValues(no, dims)];
  return makeConstant(yes, dims, 0, (i) => (holds(i) ? first(i) : second(i)));
};

const mod: Fold = (node, inputs) => {
  const likeC = node.attributes.int('fmod', 0) === 1;
  return binary((a, b) => (likeC ? a % b : a - Math.floor(a / b) * b))(node, inputs, 0);
};

/** To the nearest even number where two are equally near. */
function roundHalfToEven(x: number): number {
  const floor = Math.floor(x);
  if (x - floor !== 0.5) return Math.round(x);
  return floor % 2 === 0 ? floor : floor + 1;
}

export const elementwiseFolds: Readonly<Record<string, Fold>> = {
  Abs: unary(Math.abs),
  Add: binary((a, b) => a + b),
  And: binary((a, b) => (a && b ? 1 : 0)),
  Ceil: unary(Math.ceil),
  Div: binary((a, b, integers) => (integers ? Math.trunc(a / b) : a / b)),
  Equal: binary((a, b) => (a === b ? 1 : 0), 'bool'),
  Exp: unary(Math.exp),
  Floor: unary(Math.floor),
  Greater: binary((a, b) => (a > b ? 1 : 0), 'bool'),
  GreaterOrEqual: binary((a, b) => (a >= b ? 1 : 0), 'bool'),
  Less: binary((a, b) => (a < b ? 1 : 0), 'bool'),
  LessOrEqual: binary((a, b) => (a <= b ? 1 : 0), 'bool'),
  Log: unary(Math.log),
  Max: several(Math.max),
  Min: several(Math.min),
  Mod: mod,
  Mul: binary((a, b) => a * b),
  Neg: unary((x) => -x),
  Not: unary((x) => (x ? 0 : 1), 'bool'),
  Or: binary((a, b) => (a || b ? 1 : 0)),
  Pow: binary((a, b) => a ** b),
  Reciprocal: unary((x) => 1 / x),
  Round: unary(roundHalfToEven),
  Sign: unary(Math.sign),
  Sqrt: unary(Math.sqrt),
  Sub: binary((a, b) => a - b),
  Sum: several((a, b) => a + b),
  Where: where,
};
