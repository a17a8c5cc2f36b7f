import {
  type Node,
  outputOf,
  type PadAttributes,
  type ResizeAttributes,
  type Shape,
} from '@espalier/network';
import { attr } from '../graph-attributes.ts';
import { axesIn, type GraphWriter } from './graph-writer.ts';
import { picked } from './layout.ts';
import { rule, through, type WriteRule } from './rule.ts';

const pad = through<PadAttributes>((given, node, to, order) => {
  const { pads, mode, value } = node.attributes;
  const { length } = to.shape(node.inputs[0] ?? '');
  const [before, behind] = [axesIn(order, pads.slice(0, length)), axesIn(order, pads.slice(length))];
  const x = pads.some((count) => count < 0) ? cropped() : given;
  const pairs = before.flatMap((count, axis) => [Math.max(0, count), Math.max(0, behind[axis] ?? 0)]);
  const around = to.ints(pairs, [length, 2]);
  const types = { Tpaddings: attr.type('DT_INT32') };
  if (mode === 'reflect') return ['MirrorPad', [x, around], { ...types, mode: attr.text('REFLECT') }];
  if (mode === 'constant') return ['PadV2', [x, around, to.number(value)], types];
  const extents = axesIn(order, to.shape(node.inputs[0] ?? ''));
  const repeated = extents.reduce((own, extent, axis) => {
    const [front, back] = [pairs[2 * axis] ?? 0, pairs[2 * axis + 1] ?? 0];
    if (front + back === 0) return own;
    const last = extent + Math.min(0, before[axis] ?? 0) + Math.min(0, behind[axis] ?? 0) - 1;
    const indices = Array.from({ length: front + last + 1 + back }, (_, i) =>
      Math.min(Math.max(i - front, 0), last),
    );
    return to.step(node, ...picked(to, own, indices, axis));
  }, x);
  return ['Identity', [repeated]];

  /** Negative pads take away, before anything is added. */
  function cropped(): string {
    const mask = before.reduce((bits, count, axis) => bits | (count >= 0 ? 1 << axis : 0), 0);
    const endMask = behind.reduce((bits, count, axis) => bits | (count >= 0 ? 1 << axis : 0), 0);
    const lists = [
      before.map((count) => Math.max(0, -count)),
      behind.map((count) => Math.min(0, count)),
      before.map(() => 1),
    ].map((list) => to.ints(list));
    const masks = { begin_mask: attr.int(mask), end_mask: attr.int(endMask) };
    return to.step(node, 'StridedSlice', [given, ...lists], { Index: attr.type('DT_INT32'), ...masks });
  }
});

/** Where the i-th of `to` entries lies among `from` entries. */
type Transformation = (i: number, from: number, to: number, scale: number) => number;

const halfPixel: Transformation = (i, _from, _to, scale) => (i + 0.5) / scale - 0.5;
const transformations: Readonly<Record<string, Transformation>> = {
  align_corners: (i, from, to) => (to > 1 ? (i * (from - 1)) / (to - 1) : 0),
  asymmetric: (i, _from, _to, scale) => i / scale,
  half_pixel: halfPixel,
  pytorch_half_pixel: (i, from, to, scale) => (to > 1 ? halfPixel(i, from, to, scale) : 0),
};
const roundings: Readonly<Record<string, (position: number) => number>> = {
  ceil: Math.ceil,
  floor: Math.floor,
  round_prefer_ceil: (position) => Math.floor(position + 0.5),
  round_prefer_floor: (position) => Math.ceil(position - 0.5),
};

const resize = rule<ResizeAttributes>((node, to) => {
  const {
    mode,
    scales,
    coordinate_transformation_mode: coordinates,
    nearest_mode,
    antialias,
  } = node.attributes;
  const [x, out] = [node.inputs[0] ?? '', outputOf(node)];
  const [from, size] = [to.shape(x), to.shape(out)];
  const transformation = transformations[coordinates];
  if (!transformation || antialias || (mode !== 'linear' && mode !== 'nearest'))
    throw to.refusal(
      node,
      `mode ${mode}${antialias ? ' with anti-aliasing' : ''} by ${coordinates} has no counterpart`,
    );
  if (from.every((extent, axis) => extent === size[axis])) {
    const order = to.home(x);
    to.define(out, order, 'Identity', [to.in(x, order)]);
    return;
  }
  const [rows, columns] = [2, 3].map((axis) => (from[axis] ?? 1) * (scales[axis] ?? 1));
  const isWhole =
    from.length === 4 && scales[0] === 1 && scales[1] === 1 && rows === size[2] && columns === size[3];
  if (mode === 'linear' && isWhole) {
    const operands = [to.in(x, 'last'), to.ints(size.slice(2))];
    to.define(out, 'last', 'ResizeBilinear', operands, {
      align_corners: attr.bool(coordinates === 'align_corners'),
      half_pixel_centers: attr.bool(coordinates.endsWith('half_pixel')),
    });
    return;
  }
  const order = to.home(x);
  const [extents, wanted, factors] = [axesIn(order, from), axesIn(order, size), axesIn(order, scales)];
  const round = mode === 'nearest' ? (roundings[nearest_mode] ?? Math.floor) : undefined;
  const resized = wanted.reduce(
    (own, count, axis) => {
      const [extent = 1, scale] = [extents[axis], Math.fround(factors[axis] ?? 1)];
      if (scale === 1) return own;
      const places = Array.from({ length: count }, (_, i) => {
        const at = Math.fround(transformation(i, extent, count, scale));
        return Math.min(Math.max(round ? round(at) : at, 0), extent - 1);
      });
      return round
        ? to.step(node, ...picked(to, own, places, axis))
        : mixed(node, to, own, places, [axis, extents]);
    },
    to.in(x, order),
  );
  to.define(out, order, 'Identity', [resized]);
});

/** Between two entries of an axis each. */
function mixed(
  node: Pick<Node, 'name'>,
  to: GraphWriter,
  x: string,
  places: readonly number[],
  [axis, extents]: readonly [number, Shape],
): string {
  const last = (extents[axis] ?? 1) - 1;
  const shape = extents.map((_, i) => (i === axis ? places.length : 1));
  const share = (value: (place: number) => number) =>
    to.table(`${node.name}/shares`, { dims: shape, data: Float32Array.from(places, value) });
  const part = (at: (place: number) => number, value: (place: number) => number) =>
    to.step(node, 'Mul', [to.step(node, ...picked(to, x, places.map(at), axis)), share(value)]);
  const below = part(Math.floor, (place) => 1 - (place % 1));
  const above = part(
    (place) => Math.min(Math.floor(place) + 1, last),
    (place) => place % 1,
  );
  return to.step(node, 'AddV2', [below, above]);
}

export const resamplingRules: Readonly<Record<string, WriteRule>> = { Pad: pad, Resize: resize };
