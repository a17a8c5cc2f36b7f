import { type Attributes, type ResizeAttributes, sizeOf } from '@espalier/network';
import { axesFromFront, axisFromFront } from '../axes.ts';
import { probe } from '../constant.ts';
import { type FileNode, nodeError, WithoutRule } from '../file-node.ts';
import {
  constantInput,
  fixedInput,
  integersOf,
  refuseBatchAxis,
  requiredInput,
  scalarInput,
} from '../operands.ts';
import { followingShape, type Walk } from '../walk.ts';
import type { NormalForm } from './form.ts';

const reduce: NormalForm = (node, walk) => {
  const x = requiredInput(node, 0);
  const reduction = reducedAxes(node, walk, x);
  if (!reduction) walk.drop(node);
  else walk.emit(node, { inputs: [x], attributes: reduction });
};

/** Undefined where nothing is reduced. */
function reducedAxes(
  node: FileNode,
  walk: Walk,
  x: string,
): { axes: number[]; keepdims: number } | undefined {
  const rank = walk.shapes(x)[0].length;
  const given = integersOf(walk, node, 1, 'axes') ?? [];
  if (given.length === 0 && node.attributes.int('noop_with_empty_axes', 0)) return undefined;
  const all = Array.from({ length: rank }, (_, axis) => axis);
  const axes = given.length > 0 ? axesFromFront(node, given, rank) : all;
  for (const axis of axes) refuseBatchAxis(walk, node, x, axis);
  return { axes, keepdims: node.attributes.int('keepdims', 1) };
}

/** The length of what lies along some axes: the root of the sum of squares. */
const reduceL2: NormalForm = (node, walk) => {
  const x = requiredInput(node, 0);
  const reduction = reducedAxes(node, walk, x);
  if (!reduction) walk.emit(node, { op: 'Abs', inputs: [x] });
  else walk.emit(node, { op: 'Sqrt', inputs: [squareSum(node, walk, x, reduction)] });
};

function squareSum(node: FileNode, walk: Walk, x: string, reduction: Attributes): string {
  return walk.before(node, 'ReduceSum', [walk.before(node, 'Mul', [x, x])], reduction);
}

/** What lies along an axis, divided by its length (p = 2) or by the sum of its absolute values (p = 1). */
const lpNormalization: NormalForm = (node, walk) => {
  const x = requiredInput(node, 0);
  const axis = axisFromFront(node, node.attributes.int('axis', -1), walk.shapes(x)[0].length);
  refuseBatchAxis(walk, node, x, axis);
  const reduction = { axes: [axis], keepdims: 1 };
  const length =
    node.attributes.int('p', 2) === 1
      ? walk.before(node, 'ReduceSum', [walk.before(node, 'Abs', [x])], reduction)
      : walk.before(node, 'Sqrt', [squareSum(node, walk, x, reduction)]);
  walk.emit(node, { op: 'Div', inputs: [x, length] });
};

/** Before operation set 13 softmax ran over all axes from `axis` on together. */
const softmax: NormalForm = (node, walk) => {
  const x = requiredInput(node, 0);
  const [shape] = walk.shapes(x);
  const axis = axisFromFront(node, node.attributes.int('axis', walk.opset < 13 ? 1 : -1), shape.length);
  if (walk.opset < 13 && sizeOf(shape.slice(axis + 1)) !== 1) {
    softmaxOfMany(node, walk, x, axis);
    return;
  }
  refuseBatchAxis(walk, node, x, axis);
  walk.emit(node, { inputs: [x], attributes: { axis } });
};

function softmaxOfMany(node: FileNode, walk: Walk, x: string, axis: number): void {
  const shapes = walk.shapes(x);
  for (let each = axis; each < shapes[0].length; each++) refuseBatchAxis(walk, node, x, each);
  const flat = probe((which): number[] => [
    ...shapes[which].slice(0, axis),
    sizeOf(shapes[which].slice(axis)),
  ]);
  const rows = walk.before(node, 'Reshape', [x], { shape: followingShape(node, flat) });
  const scores = walk.before(node, node.op, [rows], { axis });
  walk.emit(node, { op: 'Reshape', inputs: [scores], attributes: { shape: followingShape(node, shapes) } });
}

const pad: NormalForm = (node, walk) => {
  const x = requiredInput(node, 0);
  const rank = walk.shapes(x)[0].length;
  const mode = node.attributes.string('mode', 'constant');
  if (mode !== 'constant' && mode !== 'reflect' && mode !== 'edge') {
    throw new WithoutRule(`there is no rule for mode "${mode}"`);
  }
  const pads = padsOfAllAxes(node, walk, rank);
  pads.forEach((amount, i) => {
    if (amount !== 0) refuseBatchAxis(walk, node, x, i % rank);
  });
  const given = node.inputs[2] ? scalarInput(walk, node, 2) : node.attributes.float('value', 0);
  const value = mode === 'constant' ? (given ?? 0) : 0;
  if (pads.every((amount) => amount === 0)) walk.drop(node);
  else walk.emit(node, { inputs: [x], attributes: { pads, mode, value } });
};

/** From operation set 18 on the pads may be those of some axes only. */
function padsOfAllAxes(node: FileNode, walk: Walk, rank: number): number[] {
  const given = integersOf(walk, node, 1, 'pads');
  const axes = integersOf(walk, node, 3, 'axes') ?? Array.from({ length: rank }, (_, axis) => axis);
  if (given?.length !== 2 * axes.length) {
    throw nodeError(node, `${given?.length ?? 0} pads do not fit ${axes.length} axes`);
  }
  const pads = new Array<number>(2 * rank).fill(0);
  axes.forEach((each, i) => {
    const axis = axisFromFront(node, each, rank);
    pads[axis] = given[i] ?? 0;
    pads[axis + rank] = given[i + axes.length] ?? 0;
  });
  return pads;
}

/** Inputs of Resize: x, region of interest, scales, sizes; before operation set 11, and of Upsample: x, scales. */
const resize: NormalForm = (node, walk) => {
  const x = requiredInput(node, 0);
  const scales = resizeScales(node, walk, x);
  if (scales.every((scale) => scale === 1)) walk.drop(node);
  else {
    const attributes = walk.opset < 11 ? olderResize(node, scales) : newerResize(node, walk, x);
    walk.emit(node, { op: 'Resize', inputs: [x], attributes: { scales, ...attributes } });
  }
};

/** What is nearest was not told: what is made smaller took the pixel behind, what is made larger the one before. */
function olderResize(node: FileNode, scales: readonly number[]): Attributes {
  const smaller = scales.some((scale) => scale < 1);
  if (smaller && scales.some((scale) => scale > 1)) {
    throw new WithoutRule('in this operation set one axis cannot become larger and another smaller');
  }
  return {
    mode: resizeMode(node.attributes.string('mode', 'nearest')),
    coordinate_transformation_mode: 'asymmetric',
    nearest_mode: smaller ? 'ceil' : 'floor',
  };
}

function newerResize(node: FileNode, walk: Walk, x: string): Attributes {
  const { attributes } = node;
  const mode = resizeMode(attributes.string('mode', 'nearest'));
  const coordinates = attributes.string('coordinate_transformation_mode', 'half_pixel');
  const crops = coordinates === 'tf_crop_and_resize';
  return {
    mode,
    coordinate_transformation_mode: coordinates,
    nearest_mode: attributes.string('nearest_mode', 'round_prefer_floor'),
    ...(mode === 'cubic' && {
      cubic_coeff_a: attributes.float('cubic_coeff_a', -0.75),
      exclude_outside: attributes.int('exclude_outside', 0),
    }),
    ...(attributes.int('antialias', 0) === 1 && {
      antialias: 1,
      exclude_outside: attributes.int('exclude_outside', 0),
    }),
    ...(crops && {
      extrapolation_value: attributes.float('extrapolation_value', 0),
      roi: regionOfAllAxes(node, walk, walk.shapes(x)[0].length),
    }),
  };
}

function resizeMode(mode: string): ResizeAttributes['mode'] {
  // Of the oldest operation sets.
  const known = mode === 'bilinear' ? 'linear' : mode;
  if (known === 'nearest' || known === 'linear' || known === 'cubic') return known;
  throw new WithoutRule(`there is no rule for mode "${mode}"`);
}

/** Where the region begins along each axis, and where it ends, as shares of the axis. */
function regionOfAllAxes(node: FileNode, walk: Walk, rank: number): number[] {
  const given = fixedInput(walk, node, 1)?.data ?? [];
  const axes = node.attributes.ints('axes')?.map((axis) => axisFromFront(node, axis, rank));
  const own = axes ?? Array.from({ length: rank }, (_, axis) => axis);
  const region = Array.from({ length: 2 * rank }, (_, i): number => (i < rank ? 0 : 1));
  own.forEach((axis, i) => {
    region[axis] = given[i] ?? 0;
    region[axis + rank] = given[i + own.length] ?? 1;
  });
  return region;
}

function resizeScales(node: FileNode, walk: Walk, x: string): number[] {
  const [shape] = walk.shapes(x);
  const axes = (node.attributes.ints('axes') ?? shape.map((_, axis) => axis)).map((axis) =>
    axisFromFront(node, axis, shape.length),
  );
  const sizes = node.inputs[3] ? constantInput(walk, node, 3) : undefined;
  const factors =
    node.attributes.floats('scales') ?? constantInput(walk, node, walk.opset < 11 ? 1 : 2)?.[0].data;
  if (sizes && node.attributes.string('keep_aspect_ratio_policy', 'stretch') !== 'stretch') {
    throw new WithoutRule('there is no rule for a kept aspect ratio');
  }
  const scales = new Array<number>(shape.length).fill(1);
  axes.forEach((axis, i) => {
    const extent = shape[axis] ?? 1;
    const given = sizes ? scaleFor(extent, sizes[0].data[i] ?? extent) : factors?.[i];
    // The batch keeps its size, whatever the file says for the one it was exported with.
    scales[axis] = walk.followsBatch(x, axis) ? 1 : (given ?? Number.NaN);
  });
  if (!scales.every((scale) => scale > 0 && Number.isFinite(scale))) {
    throw nodeError(node, `it cannot be resized by [${scales}]`);
  }
  return scales;
}

/** A single-precision factor that makes `from` pixels `to`, rounded down. */
function scaleFor(from: number, to: number): number {
  const scale = Math.fround(to / from);
  return Math.floor(Math.fround(from * scale)) === to ? scale : Math.fround((to / from) * (1 + 2 ** -23));
}

export const axesForms: Readonly<Record<string, NormalForm>> = {
  LogSoftmax: softmax,
  LpNormalization: lpNormalization,
  Pad: pad,
  ReduceL2: reduceL2,
  ReduceMax: reduce,
  ReduceMean: reduce,
  ReduceSum: reduce,
  Resize: resize,
  Softmax: softmax,
  Upsample: resize,
};
