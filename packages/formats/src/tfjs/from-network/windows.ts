import {
  type Attributes,
  countedPixels,
  type Node,
  outputOf,
  type PoolAttributes,
  reachedBehind,
  sizeOf,
} from '@espalier/network';
import { attr } from '../graph-attributes.ts';
import type { GraphWriter } from './graph-writer.ts';
import { rule, type WriteRule } from './rule.ts';

/** How windows go over an image, and what lies around it. */
interface Frame {
  /** Height and width that a window reaches over. */
  readonly reach: readonly number[];
  readonly strides: readonly number[];
  /** [top, left, bottom, right] */
  readonly pads: readonly number[];
}

/** Stands for minus infinity, which not every runtime reads. */
const LOWEST = -3.4028234663852886e38;

/**
 * An image with its channels last and what has to be around it: TensorFlow.js pads by itself where it means the same by
 * SAME, else a Pad is in front.
 *
 * @param value of the padding
 */
export function framed(
  node: Pick<Node, 'name'>,
  to: GraphWriter,
  x: string,
  { reach, strides, pads }: Frame,
  value = 0,
): { readonly input: string; readonly how: 'SAME' | 'VALID' } {
  const input = to.in(x, 'last');
  if (pads.every((pad) => pad === 0)) return { input, how: 'VALID' };
  const isSame = to
    .shape(x)
    .slice(2)
    .every((extent, i) => {
      const stride = strides[i] ?? 1;
      const missing = Math.max(0, (Math.ceil(extent / stride) - 1) * stride + (reach[i] ?? 1) - extent);
      const before = Math.floor(missing / 2);
      return pads[i] === before && pads[i + 2] === missing - before;
    });
  if (isSame) return { input, how: 'SAME' };
  const [top = 0, left = 0, bottom = 0, right = 0] = pads;
  const around = to.ints([0, 0, top, bottom, left, right, 0, 0], [4, 2]);
  const padded =
    value === 0
      ? to.step(node, 'Pad', [input, around], { Tpaddings: attr.type('DT_INT32') })
      : to.step(node, 'PadV2', [input, around, to.number(value)], { Tpaddings: attr.type('DT_INT32') });
  return { input: padded, how: 'VALID' };
}

export function windowAttributes(padding: 'SAME' | 'VALID', strides: readonly number[]) {
  return {
    data_format: attr.text('NHWC'),
    padding: attr.text(padding),
    strides: attr.ints([1, ...strides, 1]),
    explicit_paddings: attr.ints([]),
  };
}

/** Every so many rows and columns, the first one first. */
export function everyNth(
  node: Pick<Node, 'name'>,
  to: GraphWriter,
  x: string,
  [rows = 1, columns = 1]: readonly number[],
): string {
  const none = to.ints([0, 0, 0, 0]);
  return to.step(node, 'StridedSlice', [x, none, none, to.ints([1, rows, columns, 1])], {
    Index: attr.type('DT_INT32'),
    begin_mask: attr.int(15),
    end_mask: attr.int(15),
  });
}

const pool = (op: 'AvgPool' | 'MaxPool'): WriteRule =>
  rule<PoolAttributes>((node, to) => {
    const { kernel_shape, strides, dilations = [1, 1] } = node.attributes;
    if (dilations.some((dilation) => dilation > 1)) throw to.refusal(node, 'its window is dilated');
    const [x = '', out] = [node.inputs[0], outputOf(node)];
    // What ceil_mode needs after the image is declared nowhere.
    const needed = reachedBehind(node.attributes, to.shape(x), to.shape(out));
    const [top = 0, left = 0, bottom = 0, right = 0] = node.attributes.pads;
    const pads = [top, left, Math.max(needed[0] ?? 0, bottom), Math.max(needed[1] ?? 0, right)];
    const frame = { reach: kernel_shape, strides, pads };
    const { input, how } = framed(node, to, x, frame, op === 'MaxPool' ? LOWEST : 0);
    const attributes = { ...windowAttributes(how, strides), ksize: attr.ints([1, ...kernel_shape, 1]) };
    const factors = op === 'MaxPool' ? [] : factorsOf(node, to, how);
    if (factors.every((factor) => factor === 1)) {
      to.define(out, 'last', op, [input], attributes);
      return;
    }
    const [, , height = 1, width = 1] = to.shape(out);
    const averaged = to.step(node, op, [input], attributes);
    const table = to.table(`${node.name}/counted`, {
      dims: [1, height, width, 1],
      data: Float32Array.from(factors),
    });
    to.define(out, 'last', 'Mul', [averaged, table]);
  });

/** TensorFlow.js divides by the pixels of the image under SAME, else by the size of the window. */
function factorsOf(node: Node<PoolAttributes>, to: GraphWriter, how: 'SAME' | 'VALID'): number[] {
  const { attributes } = node;
  const shapes = [to.shape(node.inputs[0] ?? ''), to.shape(outputOf(node))] as const;
  const counted = countedPixels(attributes, ...shapes);
  const window = sizeOf(attributes.kernel_shape);
  const own = how === 'SAME' ? countedPixels({ ...attributes, count_include_pad: 0 }, ...shapes) : [];
  return counted.map((count, i) => (own[i] ?? window) / count);
}

const globalPool = (op: 'Max' | 'Mean'): WriteRule =>
  rule<Attributes>((node, to) => {
    const x = node.inputs[0] ?? '';
    const { length } = to.shape(x);
    const order = length === 4 ? 'last' : 'first';
    const axes = order === 'last' ? [1, 2] : Array.from({ length: length - 2 }, (_, i) => i + 2);
    to.define(outputOf(node), order, op, [to.in(x, order), to.ints(axes)], {
      Tidx: attr.type('DT_INT32'),
      keep_dims: attr.bool(true),
    });
  });

export const windowRules: Readonly<Record<string, WriteRule>> = {
  AveragePool: pool('AvgPool'),
  GlobalAveragePool: globalPool('Mean'),
  GlobalMaxPool: globalPool('Max'),
  MaxPool: pool('MaxPool'),
};
