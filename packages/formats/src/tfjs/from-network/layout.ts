import {
  type Attributes,
  type BlockAttributes,
  type DepthToSpaceAttributes,
  outputOf,
  type ReduceAttributes,
  type SliceAttributes,
} from '@espalier/network';
import { attr } from '../graph-attributes.ts';
import { commonOrder, openShape } from './arithmetic.ts';
import { axisIn, type GraphWriter, type Order, TO_LAST } from './graph-writer.ts';
import { imagesAnd } from './images.ts';
import { rule, through, type WriteRule } from './rule.ts';

type Axis = Attributes & { readonly axis: number };

/** A constant of one image joins every image. */
const concat = rule<Axis>((node, to) => {
  const order = commonOrder(to, node.inputs);
  const { axis } = node.attributes;
  const many = node.inputs.find((value) => !to.isConstant(value)) ?? '';
  const parts = node.inputs.map((value) => {
    const [own, shape] = [to.in(value, order), to.shape(many)];
    const isOnce = axis > 0 && to.isConstant(value) && to.shape(value)[0] !== shape[0];
    if (!isOnce) return own;
    const times = imagesAnd(node, to, [to.in(many, order), shape], new Array(shape.length - 1).fill(1));
    return to.step(node, 'Tile', [own, times], { Tmultiples: attr.type('DT_INT32') });
  });
  const place = to.ints([axisIn(order, axis)], []);
  to.define(outputOf(node), order, 'ConcatV2', [...parts, place], { N: attr.int(parts.length) });
});

const split = rule<Axis & { readonly split: readonly number[] }>((node, to) => {
  const x = node.inputs[0] ?? '';
  const order = to.home(x);
  const { axis, split: sizes } = node.attributes;
  const operands = [to.in(x, order), to.ints(sizes), to.ints([axisIn(order, axis)], [])];
  const parts = to.step(node, 'SplitV', operands, {
    Tlen: attr.type('DT_INT32'),
    num_split: attr.int(sizes.length),
  });
  node.outputs.forEach((value, i) => {
    to.define(value, order, 'Identity', [i === 0 ? parts : `${parts}:${i}`]);
  });
});

const slice = through<SliceAttributes>((x, node, to, order) => {
  const { axes, starts, ends, steps } = node.attributes;
  const { length } = to.shape(node.inputs[0] ?? '');
  const [begin, end, stride] = [
    new Array(length).fill(0),
    new Array(length).fill(0),
    new Array(length).fill(1),
  ];
  let open = 2 ** length - 1;
  axes.forEach((axis, i) => {
    const at = axisIn(order, axis);
    begin[at] = starts[i] ?? 0;
    end[at] = ends[i] ?? 0;
    stride[at] = steps[i] ?? 1;
    open &= ~(1 << at);
  });
  const lists = [begin, end, stride].map((list) => to.ints(list));
  const masks = { begin_mask: attr.int(open), end_mask: attr.int(open) };
  return ['StridedSlice', [x, ...lists], { Index: attr.type('DT_INT32'), ...masks }];
});

/** Entries of one axis. */
export function picked(to: GraphWriter, x: string, indices: readonly number[], axis: number): Picked {
  const types = {
    Tparams: attr.type('DT_FLOAT'),
    Tindices: attr.type('DT_INT32'),
    Taxis: attr.type('DT_INT32'),
  };
  return ['GatherV2', [x, to.ints(indices), to.ints([axis], [])], { ...types, batch_dims: attr.int(0) }];
}

type Picked = readonly [string, readonly string[], Readonly<Record<string, unknown>>];

const gather = through<Axis & { readonly indices: readonly number[] }>((x, node, to, order) =>
  picked(to, x, node.attributes.indices, axisIn(order, node.attributes.axis)),
);

const reshape = rule((node, to) => {
  const x = node.inputs[0] ?? '';
  const shape = to.ints(openShape(node, to, outputOf(node)));
  to.define(outputOf(node), 'first', 'Reshape', [to.in(x, 'first'), shape], {
    Tshape: attr.type('DT_INT32'),
  });
});

/** Between the orders with the channels first and last a transposition is a change of name. */
const transpose = rule<Attributes & { readonly perm: readonly number[] }>((node, to) => {
  const [x, out] = [node.inputs[0] ?? '', outputOf(node)];
  const perm = node.attributes.perm.join();
  if (perm === TO_LAST.join() && to.home(x) === 'last') to.alias(out, 'first', to.in(x, 'last'));
  else if (perm === '0,3,1,2' && to.home(x) === 'first') to.alias(out, 'last', to.in(x, 'first'));
  else {
    const inputs = [to.in(x, 'first'), to.ints(node.attributes.perm)];
    to.define(out, 'first', 'Transpose', inputs, { Tperm: attr.type('DT_INT32') });
  }
});

const reduce = (op: 'Max' | 'Mean' | 'Sum'): WriteRule =>
  rule<ReduceAttributes>((node, to) => {
    const x = node.inputs[0] ?? '';
    const { axes, keepdims } = node.attributes;
    const order = keepdims === 1 ? to.home(x) : orderWithout(to, x, axes);
    const over = to.ints(axes.map((axis) => axisIn(order, axis)));
    to.define(outputOf(node), keepdims === 1 ? order : 'first', op, [to.in(x, order), over], {
      Tidx: attr.type('DT_INT32'),
      keep_dims: attr.bool(keepdims === 1),
    });
  }) as WriteRule;

/** Without the reduced axes what is left has to be in the network's order. */
function orderWithout(to: GraphWriter, x: string, axes: readonly number[]): Order {
  if (to.home(x) === 'first') return 'first';
  const left = [0, 1, 2, 3].filter((axis) => !axes.includes(axis)).map((axis) => axisIn('last', axis));
  return left.every((axis, i) => i === 0 || axis > (left[i - 1] ?? 0)) ? 'last' : 'first';
}

/** It runs over the last axis, which another one is turned to. */
const overAxis = (op: 'LogSoftmax' | 'Softmax'): WriteRule =>
  rule<Axis>((node, to) => {
    const [x, out] = [node.inputs[0] ?? '', outputOf(node)];
    const { axis } = node.attributes;
    const last = to.shape(x).length - 1;
    const order = to.home(x) === 'last' && axis === 1 ? 'last' : 'first';
    if (axisIn(order, axis) === last) {
      to.define(out, order, op, [to.in(x, order)]);
      return;
    }
    const perm = Array.from({ length: last + 1 }, (_, i) => (i === axis ? last : i === last ? axis : i));
    const turn = { Tperm: attr.type('DT_INT32') };
    const own = to.step(node, op, [to.step(node, 'Transpose', [to.in(x, 'first'), to.ints(perm)], turn)]);
    to.define(out, 'first', 'Transpose', [own, to.ints(perm)], turn);
  });

const depthToSpace = rule<DepthToSpaceAttributes>((node, to) => {
  const { blocksize: r, mode } = node.attributes;
  const x = node.inputs[0] ?? '';
  const channels = (to.shape(x)[1] ?? 1) / r ** 2;
  const given = to.in(x, 'last');
  // Channels of one pixel each, one after the other: of the pixels of a channel.
  const order = Array.from(
    { length: channels * r ** 2 },
    (_, i) => (i % channels) * r ** 2 + Math.floor(i / channels),
  );
  const own = mode === 'DCR' ? given : to.step(node, ...picked(to, given, order, 3));
  const attributes = { block_size: attr.int(r), data_format: attr.text('NHWC') };
  to.define(outputOf(node), 'last', 'DepthToSpace', [own], attributes);
});

/** By changes of shape and order, since TensorFlow.js has no such operation. */
const spaceToDepth = rule<BlockAttributes>((node, to) => {
  const { blocksize: r } = node.attributes;
  const x = node.inputs[0] ?? '';
  const [, channels = 1, height = 1, width = 1] = to.shape(x);
  const apart = to.ints([-1, height / r, r, width / r, r * channels]);
  const rows = to.step(node, 'Reshape', [to.in(x, 'last'), apart]);
  const turned = to.step(node, 'Transpose', [rows, to.ints([0, 1, 3, 2, 4])], {
    Tperm: attr.type('DT_INT32'),
  });
  const shape = to.ints([-1, height / r, width / r, r ** 2 * channels]);
  to.define(outputOf(node), 'last', 'Reshape', [turned, shape]);
});

export const layoutRules: Readonly<Record<string, WriteRule>> = {
  Concat: concat,
  DepthToSpace: depthToSpace,
  Flatten: reshape,
  Gather: gather,
  LogSoftmax: overAxis('LogSoftmax'),
  ReduceMax: reduce('Max'),
  ReduceMean: reduce('Mean'),
  ReduceSum: reduce('Sum'),
  Reshape: reshape,
  Slice: slice,
  Softmax: overAxis('Softmax'),
  SpaceToDepth: spaceToDepth,
  Split: split,
  Transpose: transpose,
};
