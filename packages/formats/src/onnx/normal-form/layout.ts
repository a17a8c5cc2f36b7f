import { type Shape, sizeOf } from '@espalier/network';
import { axisFromFront, flattenAxis, reshaped, squeezed, unsqueezed } from '../axes.ts';
import { PROBE_BATCHES, type Probed, probe } from '../constant.ts';
import { type FileNode, nodeError } from '../file-node.ts';
import { broadcastShape } from '../folding/elementwise.ts';
import { integersOf, refuseBatchAxis, requiredInput, shapeInput } from '../operands.ts';
import { EXPORT_APART } from '../refusals.ts';
import { emitReshape, type Walk } from '../walk.ts';
import type { NormalForm } from './form.ts';

const reshape: NormalForm = (node, walk) => {
  const x = requiredInput(node, 0);
  const shapes = walk.shapes(x);
  const target = freeBatch(walk, x, requiredShape(walk, node, 1));
  const allowZero = node.attributes.int('allowzero', 0) === 1;
  const wanted = probe((which) => reshaped(node, shapes[which], target[which], allowZero));
  emitReshape(walk, node, x, wanted);
};

function requiredShape(walk: Walk, node: FileNode, index: number): Probed<readonly number[]> {
  const target = shapeInput(walk, node, index);
  if (!target) throw nodeError(node, `input ${index} is missing`);
  return target;
}

/**
 * In a file for one batch size, a target that has it (or a multiple) where the input's batch axis ends up
 * follows the batch instead.
 */
function freeBatch(walk: Walk, x: string, target: Probed<readonly number[]>): Probed<readonly number[]> {
  const { fixedBatch } = walk;
  if (fixedBatch === undefined || `${target[0]}` !== `${target[1]}`) return target;
  const [shape] = walk.shapes(x);
  const batchAxis = shape.findIndex((_, axis) => walk.followsBatch(x, axis));
  const before = sizeOf(shape.slice(0, batchAxis));
  const place = target[0].findIndex((_, axis) => sizeOf(target[0].slice(0, axis)) === before);
  const literal = target[0][place] ?? 0;
  if (batchAxis < 0 || literal < 1 || literal % fixedBatch !== 0) return target;
  return probe((which) => {
    const follows = (literal / fixedBatch) * PROBE_BATCHES[which];
    return target[which].map((extent, axis) => (axis === place ? follows : extent));
  });
}

const flatten: NormalForm = (node, walk) => {
  const x = requiredInput(node, 0);
  const axis = flattenAxis(node, walk.shapes(x)[0].length);
  walk.emit(node, { inputs: [x], attributes: { axis } });
};

const squeeze: NormalForm = (node, walk) => {
  const x = requiredInput(node, 0);
  const axes = integersOf(walk, node, 1, 'axes');
  const shapes = probe((which) => squeezed(node, walk.shapes(x)[which], axes));
  emitReshape(walk, node, x, shapes);
};

const unsqueeze: NormalForm = (node, walk) => {
  const x = requiredInput(node, 0);
  const axes = integersOf(walk, node, 1, 'axes');
  if (!axes) throw nodeError(node, 'its axes are missing');
  const shapes = probe((which) => unsqueezed(node, walk.shapes(x)[which], axes));
  emitReshape(walk, node, x, shapes);
};

const transpose: NormalForm = (node, walk) => {
  const x = requiredInput(node, 0);
  const all = walk.shapes(x)[0].map((_, axis) => axis);
  const perm = node.attributes.ints('perm') ?? all.toReversed();
  if (`${[...perm].sort((a, b) => a - b)}` !== `${all}`) {
    throw nodeError(node, `perm [${perm}] does not fit ${all.length} axes`);
  }
  if (perm.every((axis, i) => axis === i)) walk.drop(node);
  else walk.emit(node, { inputs: [x], attributes: { perm } });
};

const concat: NormalForm = (node, walk) => {
  const x = requiredInput(node, 0);
  const axis = axisFromFront(node, node.attributes.int('axis'), walk.shapes(x)[0].length);
  for (const value of node.inputs) refuseBatchAxis(walk, node, value, axis);
  if (node.inputs.length === 1) walk.drop(node);
  else {
    const inputs = node.inputs.map((value) => forEachImage(walk, node, value));
    const [first, ...others] = inputs.filter((value) => !walk.constant(value));
    const images = (value = '') => (axis > 0 ? walk.shapes(value).map(([count]) => count) : []);
    const odd = others.find((value) => `${images(value)}` !== `${images(first)}`);
    if (odd !== undefined)
      throw nodeError(node, `"${first}" and "${odd}" differ in how many images they have`);
    // A constant of one image joins each of a batch, one of several joins none.
    const many =
      axis > 0 && inputs.find((value) => walk.constant(value) && (walk.shapes(value)[0][0] ?? 1) > 1);
    if (first && many && walk.shapes(first)[0][0] === 1) {
      const shapes = inputs.map((value) => `[${walk.shapes(value)[0]}]`).join(', ');
      throw nodeError(node, `shapes ${shapes} cannot be joined along axis ${axis}`);
    }
    walk.emit(node, { inputs, attributes: { axis } });
  }
};

/** In a file for one batch size, a constant with that many equal images is one of a single image. */
function forEachImage(walk: Walk, node: FileNode, value: string): string {
  const constant = walk.constant(value)?.[0];
  const images = constant?.dims[0] ?? 1;
  if (!constant || images === 1 || images !== walk.fixedBatch) return value;
  const data = constant.data.subarray(0, constant.data.length / images);
  if (constant.data.some((each, i) => each !== data[i % data.length]))
    throw nodeError(
      node,
      `"${value}" has different values for each image; images must stay separate`,
      EXPORT_APART,
    );
  return walk.derived(value, { ...constant, dims: [1, ...constant.dims.slice(1)], data });
}

/** Axes of extent 1 that are spread over more are picked again and again. */
const expand: NormalForm = (node, walk) => {
  const x = requiredInput(node, 0);
  const target = freeBatchOf(walk, x, requiredShape(walk, node, 1));
  const wanted = probe((which) => broadcastShape(node, [walk.shapes(x)[which], target[which]]));
  const rank = wanted[0].length;
  const padded = probe((which) => [
    ...new Array<number>(rank - walk.shapes(x)[which].length).fill(1),
    ...walk.shapes(x)[which],
  ]);
  spread(walk, node, padded, wanted);
};

/** The batch size of a file for one batch size, where it stands at the input's batch axis. */
function freeBatchOf(walk: Walk, x: string, target: Probed<readonly number[]>): Probed<readonly number[]> {
  const shapes = walk.shapes(x);
  return probe((which) =>
    target[which].map((extent, axis) => {
      const own = axis - target[which].length + shapes[which].length;
      const fixed = walk.fixedBatch === extent && own >= 0 && walk.followsBatch(x, own);
      return fixed ? (shapes[which][own] ?? extent) : extent;
    }),
  );
}

const tile: NormalForm = (node, walk) => {
  const x = requiredInput(node, 0);
  const repeats = requiredShape(walk, node, 1);
  const wanted = probe((which) =>
    walk.shapes(x)[which].map((extent, axis) => extent * (repeats[which][axis] ?? 1)),
  );
  spread(walk, node, walk.shapes(x), wanted);
};

/** Repeats the entries of each axis until it is as long as wanted: one Gather an axis, the last one named. */
function spread(walk: Walk, node: FileNode, from: Probed<Shape>, wanted: Probed<Shape>): void {
  const axes = wanted[0].flatMap((extent, axis) => (extent === from[0][axis] ? [] : [axis]));
  const wrong = wanted[1].findIndex(
    (extent, axis) => extent !== wanted[0][axis] && (axes.includes(axis) || extent !== from[1][axis]),
  );
  if (wrong >= 0)
    throw nodeError(node, `it repeats values along axis ${wrong} as often as the batch has images`);
  const x = requiredInput(node, 0);
  const last = axes.pop();
  if (last === undefined) {
    emitReshape(walk, node, x, from);
    return;
  }
  const ranked = from[0].length === walk.shapes(x)[0].length ? x : reshapeBefore(walk, node, x, from);
  const attributes = (axis: number) => {
    const extent = from[0][axis] ?? 1;
    const length = wanted[0][axis] ?? 1;
    if (length > 1 << 22) throw nodeError(node, `axis ${axis} would have ${length} entries`);
    return { axis, indices: Array.from({ length }, (_, i) => i % extent) };
  };
  const picked = axes.reduce((value, axis) => walk.before(node, 'Gather', [value], attributes(axis)), ranked);
  walk.emit(node, { op: 'Gather', inputs: [picked], attributes: attributes(last) });
}

function reshapeBefore(walk: Walk, node: FileNode, x: string, shapes: Probed<Shape>): string {
  const shape = shapes[0].map((extent, axis) => (extent === shapes[1][axis] ? extent : -1));
  return walk.before(node, 'Reshape', [x], { shape });
}

/** Blocks of channels become pixels. */
const depthToSpace: NormalForm = (node, walk) => {
  const mode = node.attributes.string('mode', 'DCR');
  if (mode !== 'DCR' && mode !== 'CRD') throw nodeError(node, `mode "${mode}" is not known`);
  const attributes = { blocksize: node.attributes.int('blocksize'), mode };
  walk.emit(node, { inputs: [requiredInput(node, 0)], attributes });
};

const spaceToDepth: NormalForm = (node, walk) => {
  walk.emit(node, {
    inputs: [requiredInput(node, 0)],
    attributes: { blocksize: node.attributes.int('blocksize') },
  });
};

export const layoutForms: Readonly<Record<string, NormalForm>> = {
  Concat: concat,
  DepthToSpace: depthToSpace,
  Expand: expand,
  Flatten: flatten,
  Reshape: reshape,
  SpaceToDepth: spaceToDepth,
  Squeeze: squeeze,
  Tile: tile,
  Transpose: transpose,
  Unsqueeze: unsqueeze,
};
