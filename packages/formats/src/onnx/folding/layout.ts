import { sizeOf, stridesOf } from '@espalier/network';
import {
  axisFromFront,
  clampedRange,
  flattenAxis,
  type Range,
  rangeIndices,
  reshaped,
  squeezed,
  unsqueezed,
} from '../axes.ts';
import { type Constant, makeConstant } from '../constant.ts';
import { nodeError } from '../file-node.ts';
import { broadcastShape, broadcastValues, stepping } from './elementwise.ts';
import { type Fold, integers, operand } from './folder.ts';

const reshape: Fold = (node, inputs) => {
  const x = operand(node, inputs, 0);
  const target = integers(node, inputs, 1, 'shape') ?? [];
  return { ...x, dims: reshaped(node, x.dims, target, node.attributes.int('allowzero', 0) === 1) };
};

const flatten: Fold = (node, inputs) => {
  const x = operand(node, inputs, 0);
  const axis = flattenAxis(node, x.dims.length);
  return { ...x, dims: [sizeOf(x.dims.slice(0, axis)), sizeOf(x.dims.slice(axis))] };
};

const squeeze: Fold = (node, inputs) => {
  const x = operand(node, inputs, 0);
  return { ...x, dims: squeezed(node, x.dims, integers(node, inputs, 1, 'axes')) };
};

const unsqueeze: Fold = (node, inputs) => {
  const x = operand(node, inputs, 0);
  return { ...x, dims: unsqueezed(node, x.dims, integers(node, inputs, 1, 'axes') ?? []) };
};

const transpose: Fold = (node, inputs) => {
  const x = operand(node, inputs, 0);
  const perm = node.attributes.ints('perm') ?? x.dims.map((_, axis) => x.dims.length - 1 - axis);
  const valid = perm.length === x.dims.length && new Set(perm).size === perm.length;
  if (!valid || perm.some((axis) => x.dims[axis] === undefined)) {
    throw nodeError(node, `perm [${perm}] does not fit [${x.dims}]`);
  }
  return transposed(x, perm);
};

export function transposed(x: Constant, perm: readonly number[]): Constant {
  const dims = perm.map((axis) => x.dims[axis] ?? 1);
  const strides = stridesOf(x.dims);
  const at = stepping(
    dims,
    perm.map((axis) => strides[axis] ?? 0),
  );
  return makeConstant(x, dims, x.data.length, (index) => x.data[at(index)] ?? 0);
}

const concat: Fold = (node, inputs) => {
  const parts = inputs.map((_, i) => operand(node, inputs, i));
  const first = operand(node, inputs, 0);
  const axis = axisFromFront(node, node.attributes.int('axis'), first.dims.length);
  for (const { dims } of parts) {
    if (dims.length === first.dims.length && dims.every((d, i) => i === axis || d === first.dims[i]))
      continue;
    throw nodeError(node, `[${first.dims}] and [${dims}] cannot be joined along axis ${axis}`);
  }
  const extent = parts.reduce((sum, { dims }) => sum + (dims[axis] ?? 0), 0);
  const inner = sizeOf(first.dims.slice(axis + 1));
  const joined = makeConstant(
    first,
    first.dims.map((d, i) => (i === axis ? extent : d)),
    parts.reduce((sum, { data }) => sum + data.length, 0),
  );
  let to = 0;
  for (let outer = 0; outer < sizeOf(first.dims.slice(0, axis)); outer++) {
    for (const { dims, data } of parts) {
      const run = (dims[axis] ?? 0) * inner;
      joined.data.set(data.subarray(outer * run, (outer + 1) * run), to);
      to += run;
    }
  }
  return joined;
};

/** These indices of an axis. */
function taken(x: Constant, axis: number, indices: readonly number[]): Constant {
  const extent = x.dims[axis] ?? 1;
  const inner = sizeOf(x.dims.slice(axis + 1));
  const dims = x.dims.map((d, i) => (i === axis ? indices.length : d));
  return makeConstant(x, dims, x.data.length, (index) => {
    const outer = Math.floor(index / (inner * indices.length));
    const along = indices[Math.floor(index / inner) % indices.length] ?? 0;
    return x.data[(outer * extent + along) * inner + (index % inner)] ?? 0;
  });
}

const gather: Fold = (node, inputs) => {
  const [x, indices] = [operand(node, inputs, 0), operand(node, inputs, 1)];
  const axis = axisFromFront(node, node.attributes.int('axis', 0), x.dims.length);
  const extent = x.dims[axis] ?? 0;
  const positive = Array.from(indices.data, (index) => axisIndex(index, extent));
  if (positive.includes(-1)) throw nodeError(node, `an index lies outside of axis ${axis} of [${x.dims}]`);
  const dims = [...x.dims.slice(0, axis), ...indices.dims, ...x.dims.slice(axis + 1)];
  return { ...taken(x, axis, positive), dims };
};

/** -1 for an index outside of the axis. */
function axisIndex(index: number, extent: number): number {
  const front = index < 0 ? index + extent : index;
  return front >= 0 && front < extent ? front : -1;
}

const slice: Fold = (node, inputs) => {
  const x = operand(node, inputs, 0);
  const list = (index: number, attribute: string) => integers(node, inputs, index, attribute);
  const [starts = [], ends = [], steps = []] = [list(1, 'starts'), list(2, 'ends'), list(4, 'steps')];
  const axes = list(3, 'axes') ?? starts.map((_, i) => i);
  return axes.reduce((sliced, given, i) => {
    const axis = axisFromFront(node, given, x.dims.length);
    const range: Range = { start: starts[i] ?? 0, end: ends[i] ?? 0, step: steps[i] ?? 1 };
    return taken(sliced, axis, rangeIndices(clampedRange(node, range, x.dims[axis] ?? 0)));
  }, x);
};

const expand: Fold = (node, inputs) => {
  const x = operand(node, inputs, 0);
  const dims = broadcastShape(node, [x.dims, [...operand(node, inputs, 1).data]]);
  return makeConstant(x, dims, x.data.length, broadcastValues(x, dims));
};

const tile: Fold = (node, inputs) => {
  const x = operand(node, inputs, 0);
  const repeats = operand(node, inputs, 1).data;
  const dims = x.dims.map((extent, axis) => extent * (repeats[axis] ?? 1));
  const strides = stridesOf(x.dims);
  return makeConstant(x, dims, x.data.length, (index) => {
    let [rest, at] = [index, 0];
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      const extent = dims[axis] ?? 1;
      at += ((rest % extent) % (x.dims[axis] ?? 1)) * (strides[axis] ?? 0);
      rest = Math.floor(rest / extent);
    }
    return x.data[at] ?? 0;
  });
};

export const layoutFolds: Readonly<Record<string, Fold>> = {
  Concat: concat,
  Expand: expand,
  Flatten: flatten,
  Gather: gather,
  Reshape: reshape,
  Slice: slice,
  Squeeze: squeeze,
  Tile: tile,
  Transpose: transpose,
  Unsqueeze: unsqueeze,
};
