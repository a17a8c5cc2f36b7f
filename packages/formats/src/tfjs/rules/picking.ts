import { TensorProto_DataType } from '../../onnx/generated/onnx_pb.ts';
import { int } from '../attributes.ts';
import type { GraphNode } from '../node-def.ts';
import type { Rule, Translation } from '../translation.ts';

/** Stands for the end of an axis, whatever its extent. */
const END = 2 ** 31 - 1;
const toInt32 = { to: int(TensorProto_DataType.INT32) };

/** How a StridedSlice treats one entry of its lists. */
interface Entry {
  /** Place in its lists. */
  readonly at: number;
  /** Counted from the front, or after an ellipsis from the end. */
  readonly axis: number;
  readonly isOne: boolean;
}

/** Axes of the input that are cut, and where the output has axes that are new. */
interface Cuts {
  readonly entries: readonly Entry[];
  /** Those of which a part is taken, in the order of the Slice's lists. */
  readonly cut: readonly Entry[];
  readonly added: readonly number[];
}

export function cutsOf(node: GraphNode, strides: readonly number[]): Cuts {
  const count = strides.length;
  const bit = (mask: string, i: number) => ((node.int(mask, 0) >> i) & 1) === 1;
  const all = Array.from({ length: count }, (_, i) => i);
  const ellipsis = all.findIndex((i) => bit('ellipsis_mask', i));
  const isNew = (i: number) => i !== ellipsis && bit('new_axis_mask', i);
  const isOne = (i: number) => i !== ellipsis && !isNew(i) && bit('shrink_axis_mask', i);
  const takes = all.filter((i) => i !== ellipsis && !isNew(i));
  const gives = all.filter((i) => i !== ellipsis && !isOne(i));
  /** The axis of an entry, among those that have one. */
  const axisOf = (i: number, among: readonly number[]) =>
    ellipsis >= 0 && i > ellipsis ? among.indexOf(i) - among.length : among.indexOf(i);
  const entries = takes.map((at) => ({ at, axis: axisOf(at, takes), isOne: isOne(at) }));
  const isWhole = ({ at }: Entry) => bit('begin_mask', at) && bit('end_mask', at) && strides[at] === 1;
  return {
    entries,
    cut: entries.filter((entry) => entry.isOne || !isWhole(entry)),
    added: gives.filter(isNew).map((i) => axisOf(i, gives)),
  };
}

const stridedSlice: Rule = (node, to) => {
  const strides = to.list(node, 3);
  const { entries, cut, added } = cutsOf(node, strides);
  let value = node.input(0);
  if (cut.length > 0) {
    const lists = boundsOf(node, to, cut, strides);
    value = to.step(node, 'Slice', [value, ...lists], {}, { main: true });
  }
  const ones = entries.filter(({ isOne }) => isOne).map(({ axis }) => axis);
  if (ones.length > 0) value = to.step(node, 'Squeeze', [value, to.int64s(`${node.name}/ones`, ones)]);
  if (added.length > 0) to.result(node, 'Unsqueeze', [value, to.int64s(`${node.name}/new`, added)]);
  else to.result(node, 'Identity', [value]);
};

/** Starts, ends, axes and steps of a Slice. */
function boundsOf(
  node: GraphNode,
  to: Translation,
  cut: readonly Entry[],
  strides: readonly number[],
): readonly string[] {
  const [begins, ends] = [to.known(node, 1), to.known(node, 2)];
  const masked = (mask: string, at: number) => ((node.int(mask, 0) >> at) & 1) === 1;
  const steps = cut.map(({ at, isOne }) => (isOne ? 1 : (strides[at] ?? 1)));
  const starts = cut.map(({ at, isOne }, i) => {
    if (masked('begin_mask', at) && !isOne) return (steps[i] ?? 1) > 0 ? 0 : END;
    return begins?.[at];
  });
  const stops = cut.map(({ at, isOne }, i) => {
    if (isOne) return starts[i] === undefined ? undefined : starts[i] === -1 ? END : (starts[i] ?? 0) + 1;
    if (masked('end_mask', at)) return (steps[i] ?? 1) > 0 ? END : -END;
    return ends?.[at];
  });
  const list = (as: string, values: readonly (number | undefined)[], computed: (i: number) => string) =>
    listOf(node, to, as, values, computed);
  const ats = cut.map(({ at }) => at);
  const start = list('starts', starts, (i) => element(node, to, node.input(1), ats[i] ?? 0));
  const stop = list('ends', stops, (i) => {
    if (!cut[i]?.isOne) return element(node, to, node.input(2), ats[i] ?? 0);
    const next = to.int64s(`${node.name}/next`, [1]);
    return to.step(node, 'Add', [element(node, to, node.input(1), ats[i] ?? 0), next]);
  });
  const axes = to.int64s(
    `${node.name}/axes`,
    cut.map(({ axis }) => axis),
  );
  return [start, stop, axes, to.int64s(`${node.name}/steps`, steps)];
}

/** A list whose numbers the graph has, or computes one by one. */
function listOf(
  node: GraphNode,
  to: Translation,
  as: string,
  values: readonly (number | undefined)[],
  computed: (i: number) => string,
): string {
  const known = values.filter((value) => value !== undefined);
  if (known.length === values.length) return to.int64s(`${node.name}/${as}`, known);
  const parts = values.map((value, i) =>
    value === undefined ? computed(i) : to.int64s(`${node.name}/${as}`, [value]),
  );
  return to.step(node, 'Concat', parts, { axis: int(0) }, { as });
}

function element(node: GraphNode, to: Translation, list: string, at: number): string {
  const place = to.int64s(`${node.name}/place`, [at]);
  return to.step(node, 'Gather', [to.asInt64(list), place], { axis: int(0) });
}

/** A size of -1 goes to the end. */
const slice: Rule = (node, to) => {
  const [begins, sizes] = [to.known(node, 1), to.known(node, 2)];
  if (begins && sizes) {
    const ends = begins.map((begin, i) => (sizes[i] === -1 ? END : begin + (sizes[i] ?? 0)));
    const operands = [to.int64s(`${node.name}/starts`, begins), to.int64s(`${node.name}/ends`, ends)];
    to.result(node, 'Slice', [node.input(0), ...operands]);
    return;
  }
  const [begin, size] = [to.asInt64(node.input(1)), to.asInt64(node.input(2))];
  const isOpen = to.step(node, 'Equal', [size, to.int64s(`${node.name}/open`, [-1])]);
  const stop = to.step(node, 'Add', [begin, size]);
  const ends = to.step(node, 'Where', [isOpen, to.int64s(`${node.name}/end`, [END]), stop]);
  to.result(node, 'Slice', [node.input(0), begin, ends]);
};

const outputsOf = (node: GraphNode, count: number) => Array.from({ length: count }, (_, i) => node.output(i));

const MOST_PARTS = 10_000;

function countOf(node: GraphNode, name: string): number {
  const count = node.int(name);
  if (count >= 1 && count <= MOST_PARTS) return count;
  throw node.error(`attribute "${name}" is ${count}`);
}

const split: Rule = (node, to) => {
  const count = countOf(node, 'num_split');
  to.results(node, 'Split', [node.input(1)], outputsOf(node, count), {
    axis: int(to.single(node, 0)),
    num_outputs: int(count),
  });
};

/** One size may be -1: the rest. */
const splitV: Rule = (node, to) => {
  const sizes = to.list(node, 1);
  if (sizes.includes(-1)) throw node.error(`its sizes [${sizes}] leave one open; give all of them`);
  const operands = [node.input(0), to.asInt64(node.input(1))];
  to.results(node, 'Split', operands, outputsOf(node, sizes.length), { axis: int(to.single(node, 2)) });
};

const unpack: Rule = (node, to) => {
  for (let i = 0; i < countOf(node, 'num'); i++) {
    const place = to.int64s(`${node.name}/place`, [i], []);
    to.result(node, 'Gather', [node.input(0), place], { axis: int(node.int('axis', 0)) }, i);
  }
};

const gather: Rule = (node, to) => {
  if (node.int('batch_dims', 0) !== 0) throw node.error('attribute "batch_dims" is not read, but for 0');
  const axis = node.inputs.length > 2 ? to.single(node, 2) : 0;
  to.result(node, 'Gather', [node.input(0), node.input(1)], { axis: int(axis) });
};

const gatherNd: Rule = (node, to) => to.result(node, 'GatherND', [node.input(0), to.asInt64(node.input(1))]);

/** The largest first, as both have it. */
const topK: Rule = (node, to) => {
  const count = to.step(node, 'Reshape', [to.asInt64(node.input(1)), to.int64s(`${node.name}/one`, [1])]);
  const places = to.valueName(`${node.name}/places`);
  to.results(node, 'TopK', [node.input(0), count], [node.name, places], { axis: int(-1) });
  to.result(node, 'Cast', [places], toInt32, 1);
};

const arg =
  (op: 'ArgMax' | 'ArgMin'): Rule =>
  (node, to) => {
    const attributes = { axis: int(to.single(node, 1)), keepdims: int(0) };
    to.result(node, 'Cast', [to.step(node, op, [node.input(0)], attributes, { main: true })], toInt32);
  };

export const pickingRules: Readonly<Record<string, Rule>> = {
  ArgMax: arg('ArgMax'),
  ArgMin: arg('ArgMin'),
  Gather: gather,
  GatherNd: gatherNd,
  GatherV2: gather,
  Slice: slice,
  Split: split,
  SplitV: splitV,
  StridedSlice: stridedSlice,
  TopKV2: topK,
  Unpack: unpack,
};
