import { sizeOf } from '@espalier/network';
import { axesFromFront, axisFromFront } from '../axes.ts';
import { type FileNode, nodeError } from '../file-node.ts';
import { constantInput, integersOf, refuseBatchAxis, requiredInput, scalarInput } from '../operands.ts';
import type { Walk } from '../walk.ts';
import type { NormalForm } from './form.ts';

const reduce: NormalForm = (node, walk) => {
  const x = requiredInput(node, 0);
  const rank = walk.shapes(x)[0].length;
  const given = integersOf(walk, node, 1, 'axes') ?? [];
  if (given.length === 0 && node.attributes.int('noop_with_empty_axes', 0)) {
    walk.drop(node);
    return;
  }
  const all = Array.from({ length: rank }, (_, axis) => axis);
  const axes = given.length > 0 ? axesFromFront(node, given, rank) : all;
  for (const axis of axes) refuseBatchAxis(walk, node, x, axis);
  walk.emit(node, { inputs: [x], attributes: { axes, keepdims: node.attributes.int('keepdims', 1) } });
};

/** Before operation set 13 softmax ran over all axes from `axis` on together. */
const softmax: NormalForm = (node, walk) => {
  const x = requiredInput(node, 0);
  const [shape] = walk.shapes(x);
  const axis = axisFromFront(node, node.attributes.int('axis', walk.opset < 13 ? 1 : -1), shape.length);
  if (walk.opset < 13 && sizeOf(shape.slice(axis + 1)) !== 1) {
    throw nodeError(
      node,
      `in operation set ${walk.opset} it runs over axes ${axis} to ${shape.length - 1} together`,
    );
  }
  refuseBatchAxis(walk, node, x, axis);
  walk.emit(node, { inputs: [x], attributes: { axis } });
};

const pad: NormalForm = (node, walk) => {
  const x = requiredInput(node, 0);
  const rank = walk.shapes(x)[0].length;
  const mode = node.attributes.string('mode', 'constant');
  if (mode !== 'constant' && mode !== 'reflect' && mode !== 'edge') {
    throw nodeError(node, `mode "${mode}" is not supported`);
  }
  const pads = padsOfAllAxes(node, walk, rank);
  pads.forEach((amount, i) => {
    if (amount !== 0) refuseBatchAxis(walk, node, x, i % rank);
  });
  const value = node.inputs[2] && mode === 'constant' ? (scalarInput(walk, node, 2) ?? 0) : 0;
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

/** Inputs of Resize: x, region of interest, scales, sizes; of the older Upsample: x, scales. */
const resize: NormalForm = (node, walk) => {
  const x = requiredInput(node, 0);
  const scales = resizeScales(node, walk, x);
  const { attributes } = node;
  const mode = attributes.string('mode', 'nearest');
  if (mode !== 'nearest' && mode !== 'linear') throw nodeError(node, `mode "${mode}" is not supported`);
  const upsample = node.op === 'Upsample';
  const coordinates = attributes.string(
    'coordinate_transformation_mode',
    upsample ? 'asymmetric' : 'half_pixel',
  );
  if (coordinates === 'tf_crop_and_resize' || attributes.int('antialias', 0)) {
    throw nodeError(node, 'cropping and anti-aliasing are not supported');
  }
  if (scales.every((scale) => scale === 1)) walk.drop(node);
  else {
    walk.emit(node, {
      op: 'Resize',
      inputs: [x],
      attributes: {
        mode,
        scales,
        coordinate_transformation_mode: coordinates,
        nearest_mode: attributes.string('nearest_mode', upsample ? 'floor' : 'round_prefer_floor'),
      },
    });
  }
};

function resizeScales(node: FileNode, walk: Walk, x: string): number[] {
  const [shape] = walk.shapes(x);
  const axes = (node.attributes.ints('axes') ?? shape.map((_, axis) => axis)).map((axis) =>
    axisFromFront(node, axis, shape.length),
  );
  const sizes = node.inputs[3] ? constantInput(walk, node, 3) : undefined;
  const factors = constantInput(walk, node, node.op === 'Upsample' ? 1 : 2);
  if (sizes && node.attributes.string('keep_aspect_ratio_policy', 'stretch') !== 'stretch') {
    throw nodeError(node, 'keep_aspect_ratio_policy is not supported');
  }
  const scales = new Array<number>(shape.length).fill(1);
  axes.forEach((axis, i) => {
    const extent = shape[axis] ?? 1;
    const given = sizes ? scaleFor(extent, sizes[0].data[i] ?? extent) : factors?.[0].data[i];
    // The batch keeps its size, whatever the file says for the one it was exported with.
    scales[axis] = walk.followsBatch(x, axis) ? 1 : (given ?? Number.NaN);
  });
  if (!scales.every((scale, axis) => scale > 0 && Number.isFinite(scale) && (axis > 1 || scale === 1))) {
    throw nodeError(node, `scales [${scales}] are not supported: only heights and widths can be resized`);
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
  Pad: pad,
  ReduceMax: reduce,
  ReduceMean: reduce,
  ReduceSum: reduce,
  Resize: resize,
  Softmax: softmax,
  Upsample: resize,
};
