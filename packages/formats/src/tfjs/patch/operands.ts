import type { NodeProto, TensorProto } from '../../onnx/generated/onnx_pb.ts';
import { TensorProto_DataType } from '../../onnx/generated/onnx_pb.ts';
import { CannotPatch } from '../../onnx/patch/cannot-patch.ts';
import { tensorFields } from '../../onnx/tensors.ts';
import { cutsOf } from '../rules/picking.ts';
import type { NewWeight } from '../weights-written.ts';
import type { EditedNode, GraphEdit } from './graph-edit.ts';
import { numbersIn, weightOf } from './leaves.ts';

const text = (value: string) => Buffer.from(value, 'latin1').toString('base64');
const FLOAT = 'DT_FLOAT';

/** Operations that take their bias with them, and what they are called then. */
const fused: Readonly<Record<string, string>> = {
  _FusedConv2D: '_FusedConv2D',
  _FusedMatMul: '_FusedMatMul',
  Conv2D: '_FusedConv2D',
  DepthwiseConv2dNative: 'FusedDepthwiseConv2dNative',
  FusedDepthwiseConv2dNative: 'FusedDepthwiseConv2dNative',
  MatMul: '_FusedMatMul',
};

/** A bias that the node did not have: fused into it, or a node after it that takes over its name. */
export function addBias(edit: GraphEdit, node: EditedNode, bias: TensorProto): void {
  const own = edit.addConst(`${node.name}/bias`, weightOf(bias), FLOAT);
  const op = fused[node.op];
  if (op === undefined) {
    const { name, attr } = node;
    edit.rename(node, `${name}/${node.op}`);
    const format = attr.data_format === undefined ? {} : { data_format: attr.data_format };
    edit.addBehind(node, {
      name,
      op: 'BiasAdd',
      input: [node.name, own],
      attr: { T: { type: FLOAT }, ...format },
    });
    return;
  }
  const before = edit.view(node.name)?.texts('fused_ops') ?? [];
  const count = edit.view(node.name)?.int('num_args', 0) ?? 0;
  node.op = op;
  node.input.splice(2, 0, own);
  node.attr.fused_ops = { list: { s: ['BiasAdd', ...before].map(text) } };
  node.attr.num_args = { i: String(count + 1) };
}

export function list(values: readonly number[]): NewWeight {
  return {
    ...tensorFields(TensorProto_DataType.INT32, { dims: [values.length], data: values }),
    dims: [values.length],
  };
}

export function scalar(value: number): NewWeight {
  return { ...tensorFields(TensorProto_DataType.INT32, { dims: [], data: [value] }), dims: [] };
}

export function setList(
  edit: GraphEdit,
  node: EditedNode,
  index: number,
  as: string,
  values: readonly number[],
): void {
  node.input[index] = edit.addConst(`${node.name}/${as}`, list(values), 'DT_INT32');
}

/** Bounds of a slice: where the list of ONNX has another number than before, that of the graph gets it. */
export function setBounds(
  edit: GraphEdit,
  node: EditedNode,
  which: 'starts' | 'ends',
  [before, after]: readonly [TensorProto, TensorProto],
  given: (index: number) => readonly number[],
): void {
  const [old, now] = [numbersIn(before), numbersIn(after)];
  if (`${old}` === `${now}`) return;
  const view = edit.view(node.name);
  if (!view) return;
  if (node.op === 'Slice') {
    const [begins, sizes] = [given(1), given(2)];
    if (which === 'starts') throw new CannotPatch(`Slice "${node.name}" begins elsewhere`);
    setList(
      edit,
      node,
      2,
      'size',
      sizes.map((size, i) => (old[i] === now[i] ? size : (now[i] ?? 0) - (begins[i] ?? 0))),
    );
    return;
  }
  const { cut } = cutsOf(view, given(3));
  const index = which === 'starts' ? 1 : 2;
  const bounds = [...given(index)];
  cut.forEach(({ at }, i) => {
    if (old[i] !== now[i]) bounds[at] = now[i] ?? 0;
  });
  setList(edit, node, index, which === 'starts' ? 'begin' : 'end', bounds);
}

/** A slice in steps whose channels are no longer in step. */
export function becomeGather(
  edit: GraphEdit,
  node: EditedNode,
  indices: readonly number[],
  axis: number,
): void {
  const [x = ''] = node.input;
  const types = { Tparams: { type: FLOAT }, Tindices: { type: 'DT_INT32' }, Taxis: { type: 'DT_INT32' } };
  Object.assign(node, { op: 'GatherV2', input: [x], attr: { ...types, batch_dims: { i: '0' } } });
  setList(edit, node, 1, 'indices', indices);
  node.input[2] = edit.addConst(`${node.name}/axis`, scalar(axis), 'DT_INT32');
}

/** Equal parts that are no longer equal. */
export function splitBySizes(edit: GraphEdit, node: EditedNode, sizes: readonly number[]): void {
  const [axis = '', x = ''] = node.input;
  const types = { T: { type: FLOAT }, Tlen: { type: 'DT_INT32' } };
  Object.assign(node, {
    op: 'SplitV',
    input: [x, '', axis],
    attr: { ...types, num_split: { i: String(sizes.length) } },
  });
  setList(edit, node, 1, 'sizes', sizes);
}

export function axisOf({ attribute }: NodeProto): number {
  return Number(attribute.find(({ name }) => name === 'axis')?.i ?? 0);
}
