import type { Shape } from '@espalier/network';
import { axisFromFront, clampedRange, type Range, rangeIndices } from '../axes.ts';
import { type Probed, probe } from '../constant.ts';
import { type FileNode, nodeError } from '../file-node.ts';
import { fixedInput, integersOf, refuseBatchAxis, requiredInput, shapeInput } from '../operands.ts';
import { EXPORT_APART } from '../refusals.ts';
import { emitReshape, followingShape, type Walk } from '../walk.ts';
import type { NormalForm } from './form.ts';

/** Indices of rank 0 or above 1 are a list first and a reshape after it. */
const gather: NormalForm = (node, walk) => {
  const x = requiredInput(node, 0);
  const shapes = walk.shapes(x);
  const axis = axisFromFront(node, node.attributes.int('axis', 0), shapes[0].length);
  const given = fixedInput(walk, node, 1);
  if (!given) throw nodeError(node, 'its indices are missing');
  refuseBatchAxis(walk, node, x, axis);
  const extent = shapes[0][axis] ?? 0;
  const indices = Array.from(given.data, (index) => (index < 0 ? index + extent : index));
  const wanted = probe((which) => [
    ...shapes[which].slice(0, axis),
    ...given.dims,
    ...shapes[which].slice(axis + 1),
  ]);
  const everything = indices.length === extent && indices.every((index, i) => index === i);
  if (everything) emitReshape(walk, node, x, wanted);
  else if (given.dims.length === 1) walk.emit(node, { inputs: [x], attributes: { axis, indices } });
  else {
    const picked = walk.before(node, 'Gather', [x], { axis, indices });
    walk.emit(node, { op: 'Reshape', inputs: [picked], attributes: { shape: followingShape(node, wanted) } });
  }
};

interface AxisRange extends Range {
  readonly axis: number;
}

/** Reversed slices and stepped ones of channels are Gathers; what takes the whole axis is left out. */
const slice: NormalForm = (node, walk) => {
  const x = requiredInput(node, 0);
  const ranges = slicedRanges(node, walk, walk.shapes(x));
  const steps = ranges.filter(({ axis, step }) => step < 0 || (step > 1 && axis === 1));
  const plain = ranges.filter((range) => !steps.includes(range));
  const gathers = steps.map((range) => ({ axis: range.axis, indices: rangeIndices(range) }));
  if (plain.length === 0) {
    const last = gathers.pop();
    if (!last) walk.drop(node);
    else walk.emit(node, { op: 'Gather', inputs: [pickAll(walk, node, x, gathers)], attributes: last });
    return;
  }
  const column = (of: (range: AxisRange) => number) => plain.map(of);
  walk.emit(node, {
    inputs: [pickAll(walk, node, x, gathers)],
    attributes: {
      axes: column(({ axis }) => axis),
      starts: column(({ start }) => start),
      ends: column(({ end }) => end),
      steps: column(({ step }) => step),
    },
  });
};

function pickAll(
  walk: Walk,
  node: FileNode,
  x: string,
  gathers: readonly { axis: number; indices: number[] }[],
) {
  return gathers.reduce((value, attributes) => walk.before(node, 'Gather', [value], attributes), x);
}

/** A list that is the same for every batch size. */
function probed(list: readonly number[] | undefined): Probed<readonly number[]> | undefined {
  return list && [list, list];
}

function slicedRanges(node: FileNode, walk: Walk, shapes: Probed<Shape>): AxisRange[] {
  const older = (name: string) => probed(node.attributes.ints(name));
  const [starts, ends] = [
    shapeInput(walk, node, 1) ?? older('starts'),
    shapeInput(walk, node, 2) ?? older('ends'),
  ];
  if (!starts || !ends) throw nodeError(node, 'its starts or ends are missing');
  const rank = shapes[0].length;
  const axes = integersOf(walk, node, 3, 'axes') ?? starts[0].map((_, i) => i);
  const steps = integersOf(walk, node, 4, 'steps') ?? [];
  const ranges = axes.flatMap((given, i): AxisRange[] => {
    const axis = axisFromFront(node, given, rank);
    const [a, b] = probe((which) =>
      clampedRange(
        node,
        { start: starts[which][i] ?? 0, end: ends[which][i] ?? 0, step: steps[i] ?? 1 },
        shapes[which][axis] ?? 0,
      ),
    );
    if (a.start === 0 && a.step === 1 && a.end === shapes[0][axis] && b.end === shapes[1][axis]) return [];
    if (a.start !== b.start || a.end !== b.end || shapes[0][axis] !== shapes[1][axis]) {
      throw nodeError(
        node,
        `it cuts axis ${axis}, which depends on the batch; images must stay separate`,
        EXPORT_APART,
      );
    }
    return [{ axis, ...a }];
  });
  return ranges.sort((a, b) => a.axis - b.axis);
}

const split: NormalForm = (node, walk) => {
  const x = requiredInput(node, 0);
  const [shape] = walk.shapes(x);
  const axis = axisFromFront(node, node.attributes.int('axis', 0), shape.length);
  refuseBatchAxis(walk, node, x, axis);
  const sizes = integersOf(walk, node, 1, 'split') ?? equalParts(node, shape[axis] ?? 0);
  if (sizes.length !== node.outputs.length) {
    throw nodeError(node, `it has ${node.outputs.length} outputs, but ${sizes.length} sizes`);
  }
  if (sizes.length === 1) walk.drop(node);
  else {
    const outputs = node.outputs.map((value, i) => value || walk.valueName(`${node.name}/unused_${i}`));
    walk.emit(node, { inputs: [x], outputs, attributes: { axis, split: sizes } });
  }
};

/** As many parts as there are outputs; only the last may be smaller. */
function equalParts(node: FileNode, extent: number): number[] {
  const count = node.attributes.int('num_outputs', node.outputs.length);
  const size = Math.ceil(extent / count);
  return Array.from({ length: count }, (_, i) => Math.min(size, extent - i * size));
}

export const pickingForms: Readonly<Record<string, NormalForm>> = {
  Gather: gather,
  Slice: slice,
  Split: split,
};
