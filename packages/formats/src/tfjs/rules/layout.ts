import { TensorProto_DataType } from '../../onnx/generated/onnx_pb.ts';
import { tensorFields } from '../../onnx/tensors.ts';
import { int, ints, text } from '../attributes.ts';
import type { GraphNode } from '../node-def.ts';
import type { Rule, Translation } from '../translation.ts';
import { typeOf } from './elementwise.ts';
import { activated, biasOf } from './fused.ts';

const toInt32 = { to: int(TensorProto_DataType.INT32) };

const reshape: Rule = (node, to) => to.result(node, 'Reshape', [node.input(0), to.asInt64(node.input(1))]);

const transpose: Rule = (node, to) =>
  to.result(node, 'Transpose', [node.input(0)], { perm: ints(to.list(node, 1)) });

/**
 * The value that had one more axis in front, of extent 1: the first image is removed of its batch, and put into one
 * again. That the batch has one image is not to be had otherwise.
 */
function unwrapped(to: Translation, value: string): string | undefined {
  const maker = to.behindIdentities(value);
  const isFirst = maker?.op === 'Unpack' && maker.int('axis', 0) === 0 && maker.int('num') === 1;
  const isSqueezed = maker?.op === 'Squeeze' && `${maker.ints('squeeze_dims')}` === '0';
  return isFirst || isSqueezed ? maker?.input(0) : undefined;
}

const expandDims: Rule = (node, to) => {
  const axis = to.single(node, 1);
  const whole = axis === 0 ? unwrapped(to, node.input(0)) : undefined;
  if (whole !== undefined) to.result(node, 'Identity', [whole]);
  else to.result(node, 'Unsqueeze', [node.input(0), to.int64s(`${node.name}/axes`, [axis])]);
};

const squeeze: Rule = (node, to) => {
  const [dims, axes] = [node.ints('squeeze_dims'), node.ints('axis')];
  const given = dims.length > 0 ? dims : axes;
  const operands = given.length > 0 ? [to.int64s(`${node.name}/axes`, given)] : [];
  to.result(node, 'Squeeze', [node.input(0), ...operands]);
};

const concat: Rule = (node, to) => {
  const values = node.inputs.slice(0, -1);
  to.result(node, 'Concat', values, { axis: int(to.single(node, values.length)) });
};

/** The axis is in front in the older form. */
const concatOfOld: Rule = (node, to) =>
  to.result(node, 'Concat', node.inputs.slice(1), { axis: int(to.single(node, 0)) });

const pack: Rule = (node, to) => {
  const axis = node.int('axis', 0);
  const whole = axis === 0 && node.inputs.length === 1 ? unwrapped(to, node.input(0)) : undefined;
  if (whole !== undefined) {
    to.result(node, 'Identity', [whole]);
    return;
  }
  const axes = to.int64s(`${node.name}/axes`, [axis]);
  const parts = node.inputs.map((value) => to.step(node, 'Unsqueeze', [value, axes]));
  to.result(node, 'Concat', parts, { axis: int(axis) });
};

const tile: Rule = (node, to) => to.result(node, 'Tile', [node.input(0), to.asInt64(node.input(1))]);

const broadcastTo: Rule = (node, to) => to.result(node, 'Expand', [node.input(0), to.asInt64(node.input(1))]);

const fill: Rule = (node, to) => to.result(node, 'Expand', [node.input(1), to.asInt64(node.input(0))]);

const shape: Rule = (node, to) => to.result(node, 'Cast', [to.step(node, 'Shape', [node.input(0)])], toInt32);

const size: Rule = (node, to) => to.result(node, 'Cast', [to.step(node, 'Size', [node.input(0)])], toInt32);

const rank: Rule = (node, to) => {
  const axes = to.step(node, 'Shape', [node.input(0)]);
  to.result(node, 'Cast', [to.step(node, 'Size', [axes])], toInt32);
};

const range: Rule = (node, to) =>
  to.result(
    node,
    'Range',
    [0, 1, 2].map((i) => node.input(i)),
  );

/** A pair for each axis becomes what lies before each axis, and then what lies after each. */
const pad: Rule = (node, to) => {
  const turned = to.step(
    node,
    'Transpose',
    [to.asInt64(node.input(1))],
    { perm: ints([1, 0]) },
    { as: 'pads' },
  );
  const pads = to.step(node, 'Reshape', [turned, to.int64s(`${node.name}/all`, [-1])], {}, { as: 'pads' });
  if (node.op !== 'MirrorPad') to.result(node, 'Pad', [node.input(0), pads, ...node.inputs.slice(2, 3)]);
  else if (node.text('mode', '') === 'REFLECT')
    to.result(node, 'Pad', [node.input(0), pads], { mode: text('reflect') });
  else throw node.error(`mode "${node.text('mode', '')}" is not read; REFLECT is`);
};

/** A product of two tables; one with a weight is a layer. */
const matMul: Rule = (node, to) => {
  const { bias, rest } = biasOf(node);
  const [a, b] = [node.input(0), node.input(1)];
  const isLayer = to.weightShape(b) !== undefined && node.type('T', 'DT_FLOAT') === 'DT_FLOAT';
  const [transA, transB] = [node.bool('transpose_a'), node.bool('transpose_b')];
  const flags = { ...(transA && { transA: int(1) }), ...(transB && { transB: int(1) }) };
  if (isLayer || transA || transB || bias.length > 0) {
    activated(node, to, ['Gemm', [a, b, ...bias], flags], rest);
  } else activated(node, to, ['MatMul', [a, b], {}], rest);
};

const batchMatMul: Rule = (node, to) => {
  const [a, b] = [node.input(0), node.input(1)];
  const turned = (value: string, flag: string) => (node.bool(flag) ? lastTwoTurned(node, to, value) : value);
  to.result(node, 'MatMul', [turned(a, 'adj_x'), turned(b, 'adj_y')]);
};

/** A Transpose has to know how many axes there are, which of a value that is computed only the runtime does. */
function lastTwoTurned(node: GraphNode, to: Translation, value: string): string {
  const rank = to.weightShape(value)?.length;
  if (rank === undefined) return to.step(node, 'Einsum', [value], { equation: text('...ij->...ji') });
  const perm = Array.from({ length: rank }, (_, axis) => axis);
  return to.step(node, 'Transpose', [value], { perm: ints([...perm.slice(0, -2), rank - 1, rank - 2]) });
}

const einsum: Rule = (node, to) =>
  to.result(node, 'Einsum', node.inputs, { equation: text(node.text('equation', '')) });

const softmax =
  (op: string): Rule =>
  (node, to) =>
    to.result(node, op, [node.input(0)], { axis: int(-1) });

const reduce =
  (op: string): Rule =>
  (node, to) => {
    const axes = to.known(node, 1);
    const list = axes ? to.int64s(`${node.name}/axes`, axes) : to.asInt64(node.input(1));
    const keepdims = int(node.bool('keep_dims') || node.bool('keepdims') ? 1 : 0);
    to.result(node, op, [node.input(0), list], { keepdims });
  };

/** A table of constants of which few are not the same. */
const sparseToDense: Rule = (node, to) => {
  const dims = [...to.list(node, 1)];
  const [values, [fallback = 0]] = [to.numbers(node, 2), to.numbers(node, 3)];
  const count = dims.reduce((product, extent) => product * extent, 1);
  const indices = to.list(node, 0);
  if (!(count <= MOST_DENSE)) throw node.error(`its output would have shape [${dims}]`);
  const data = new Array<number>(count).fill(fallback);
  const places = indices.length / dims.length;
  for (let i = 0; i < places; i++) {
    const at = dims.reduce((sum, extent, axis) => sum * extent + (indices[i * dims.length + axis] ?? 0), 0);
    if (!(at >= 0 && at < count)) throw node.error(`an index lies outside of [${dims}]`);
    data[at] = values[values.length === 1 ? 0 : i] ?? 0;
  }
  const fields = tensorFields(typeOf(node, 'T'), { dims, data });
  to.result(node, 'Identity', [to.tensor(`${node.name}/dense`, fields)]);
};

const MOST_DENSE = 1 << 20;

const placeholderWithDefault: Rule = (node, to) => to.result(node, 'Identity', [node.input(0)]);

export const layoutRules: Readonly<Record<string, Rule>> = {
  _FusedMatMul: matMul,
  BatchMatMul: batchMatMul,
  BatchMatMulV2: batchMatMul,
  BroadcastTo: broadcastTo,
  Concat: concatOfOld,
  ConcatV2: concat,
  Einsum: einsum,
  ExpandDims: expandDims,
  Fill: fill,
  LogSoftmax: softmax('LogSoftmax'),
  MatMul: matMul,
  Max: reduce('ReduceMax'),
  Mean: reduce('ReduceMean'),
  Min: reduce('ReduceMin'),
  MirrorPad: pad,
  Pack: pack,
  Pad: pad,
  PadV2: pad,
  PlaceholderWithDefault: placeholderWithDefault,
  Prod: reduce('ReduceProd'),
  Range: range,
  Rank: rank,
  Reshape: reshape,
  Shape: shape,
  Size: size,
  Softmax: softmax('Softmax'),
  SparseToDense: sparseToDense,
  Squeeze: squeeze,
  Sum: reduce('ReduceSum'),
  Tile: tile,
  Transpose: transpose,
};
