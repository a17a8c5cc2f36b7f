import type { Node } from '@espalier/network';
import { encodeNode } from '../encode-node.ts';
import { type NodeProto, TensorProto_DataType } from '../generated/onnx_pb.ts';
import { tensorFields } from '../tensors.ts';
import { movedBack } from '../transposes/rules.ts';
import { hasAttribute, setInt, setIntList, setInts } from './attributes.ts';
import { CannotPatch } from './cannot-patch.ts';
import { typeOf } from './element-type.ts';
import { setElements } from './elements.ts';
import type { Patch } from './patch.ts';
import type { PatchedFile } from './patched-file.ts';
import { floats } from './weights.ts';

/** What nodes say of channels by themselves, and nodes and biases that only the network has. */
export function patchNodes(patch: Patch): void {
  const given = new Map(patch.read.network.nodes.map((node) => [node.name, node]));
  const names = new Map<string, string>();
  for (const node of patch.network.nodes) {
    const before = given.get(node.name);
    if (before) patchNode(patch, before, node, names);
  }
  for (const node of patch.network.nodes) if (!given.has(node.name)) addNode(patch, node, names);
}

function patchNode(patch: Patch, before: Node, after: Node, names: Map<string, string>): void {
  const { file, network, read, extents } = patch;
  const origin = read.walk.origins.get(before.name);
  const proto = file.node(origin?.name ?? '');
  const isRenamed = `${before.outputs}` !== `${after.outputs}`;
  const isAltered = !sameAttributes(before, after);
  const isLonger = after.inputs.length > before.inputs.length;
  if (!isRenamed && !isAltered && !isLonger) return;
  // What stands in for axes that are in another order only in the network.
  if (!origin && read.walk.turns && !isRenamed && !isLonger) return;
  if (!proto || after.op !== before.op)
    throw new CannotPatch(`${after.op} "${after.name}" is not in the file in this form`);
  if (isAltered) {
    const perm = read.walk.turns?.nodes.get(before.name);
    const inFile = (node: Node) => (perm ? movedBack(node, perm) : node);
    rules[`${proto.opType} ${before.op}`]?.(proto, inFile(before), inFile(after), patch);
  }
  after.inputs.slice(before.inputs.length).forEach((value, i) => {
    const tensor = network.constants.get(value);
    if (!tensor)
      throw new CannotPatch(`${after.op} "${after.name}" reads "${value}" in addition to its old inputs`);
    const type = typeOf(file, proto.input[1] ?? '', 'float');
    file.setInput(proto, before.inputs.length + i, file.addTensor(value, tensorFields(type, floats(tensor))));
  });
  if (!isRenamed) return;
  before.outputs.forEach((value, i) => {
    const [given, wanted = ''] = [extents.fileName(value), after.outputs[i]];
    names.set(wanted, file.newName(wanted));
    names.set(value, given);
    file.setOutput(proto, proto.output.indexOf(given), names.get(wanted) ?? wanted);
  });
}

/** A node that only the network has. */
function addNode({ file, network, extents }: Patch, node: Node, names: Map<string, string>): void {
  const first = node.inputs.find((value) => !network.constants.has(value)) ?? '';
  const nameOf = (value: string): string => names.get(value) ?? extents.fileName(value);
  const inputs = node.inputs.map((value) => {
    const tensor = network.constants.get(value);
    if (!tensor) return nameOf(value);
    return file.addTensor(value, tensorFields(floatTypeBefore(file, nameOf(first)), floats(tensor)));
  });
  const name = file.newName(node.name);
  const written = { ...node, name, inputs, outputs: node.outputs.map(nameOf) };
  file.insertBehindInputs(encodeNode(written, file.opset, noOperands(node)));
}

/** Of the weights of what makes a value. */
function floatTypeBefore(file: PatchedFile, value: string): TensorProto_DataType {
  const maker = file.maker(value);
  const weight = maker?.input.find((each) => file.tensor(each));
  return typeOf(file, weight ?? '', 'float');
}

function noOperands({ op, name }: Node) {
  const refuse = () => {
    throw new CannotPatch(`${op} "${name}" is new`);
  };
  return { ints: refuse, floats: refuse, float: refuse };
}

function sameAttributes(a: Node, b: Node): boolean {
  return JSON.stringify(a.attributes) === JSON.stringify(b.attributes);
}

type Rule = (proto: NodeProto, before: Node, after: Node, patch: Patch) => void;

const group: Rule = (proto, _, { attributes }) => setInt(proto, 'group', Number(attributes.group));

function list({ op, name, attributes }: Node, attribute: string): readonly number[] {
  const value = attributes[attribute];
  if (Array.isArray(value)) return value;
  throw new CannotPatch(`${op} "${name}" has no ${attribute}`);
}

function changesOf(before: readonly number[], after: readonly number[]): Map<number, number> {
  return new Map(after.flatMap((value, i) => (value === before[i] ? [] : [[i, value] as const])));
}

/** The list is an attribute in older operation sets, and an input in newer ones. */
function changeList(
  patch: Patch,
  proto: NodeProto,
  index: number,
  name: string,
  wanted: Map<number, number>,
) {
  if (hasAttribute(proto, name)) setInts(proto, name, wanted);
  else setElements({ ...patch, walk: patch.read.walk }, proto, index, wanted);
}

/** After this operation set the sizes are an input. */
const SPLIT_BY_ATTRIBUTE = 12;

const split: Rule = (proto, before, after, patch) => {
  const sizes = list(after, 'split');
  if (hasAttribute(proto, 'split') || proto.input[1]) {
    changeList(patch, proto, 1, 'split', changesOf(list(before, 'split'), sizes));
    return;
  }
  if (sizes.every((size) => size === sizes[0])) return;
  // Equal parts are no longer equal.
  proto.attribute = proto.attribute.filter(({ name }) => name !== 'num_outputs');
  if (patch.file.opset <= SPLIT_BY_ATTRIBUTE) setIntList(proto, 'split', sizes);
  else patch.file.setInput(proto, 1, addList(patch.file, `${after.name}/split`, sizes));
};

function addList(file: PatchedFile, stem: string, values: readonly number[]): string {
  return file.addTensor(
    stem,
    tensorFields(TensorProto_DataType.INT64, { dims: [values.length], data: values }),
  );
}

/** What stands for the end of an axis stays so. */
const slice: Rule = (proto, before, after, patch) => {
  const { read, extents } = patch;
  const axes = list(before, 'axes');
  const numbers = (name: string, index: number) =>
    (read.walk.origins.get(before.name)?.attributes.ints(name) ?? [
      ...(read.walk.constant(proto.input[index] ?? '')?.[0].data ?? []),
    ]) as readonly number[];
  const rank = read.walk.shapes(read.walk.resolve(proto.input[0] ?? ''))[0].length;
  const own = numbers('axes', 3);
  for (const [name, index] of [
    ['starts', 1],
    ['ends', 2],
  ] as const) {
    const given = numbers(name, index);
    const changes = new Map<number, number>();
    axes.forEach((axis, i) => {
      const at = own.length > 0 ? own.findIndex((each) => (each + rank) % rank === axis) : axis;
      const [old, wanted] = [list(before, name)[i] ?? 0, list(after, name)[i] ?? 0];
      const extent = extents.extent(before, axis, 'after');
      const value = given[at] ?? 0;
      const means = Math.min(extent, Math.max(0, value < 0 ? value + extent : value));
      if (old !== wanted && means !== wanted) changes.set(at, wanted);
    });
    if (changes.size > 0) changeList(patch, proto, index, name, changes);
  }
};

/** One index of each is one index still; a separate list takes the place of others. */
const gather: Rule = (proto, before, after, patch) => {
  const { file, read } = patch;
  const indices = list(after, 'indices');
  const dims = read.walk.constant(read.walk.resolve(proto.input[1] ?? ''))?.[0].dims ?? [];
  if (dims.length !== 1 && indices.length !== list(before, 'indices').length) {
    throw new CannotPatch(`Gather "${after.name}" has indices of shape [${dims}]`);
  }
  const shape = dims.length === 1 ? [indices.length] : dims;
  const fields = tensorFields(TensorProto_DataType.INT64, { dims: shape, data: indices });
  file.setInput(proto, 1, file.addTensor(proto.input[1] || `${after.name}/indices`, fields));
};

/** A slice in steps, or a shuffle spelled with Reshape and Transpose, whose channels are no longer in step. */
const becomesGather: Rule = (proto, before, after, { file, extents }) => {
  const indices = addList(file, `${after.name}/indices`, list(after, 'indices'));
  const [own = ''] = proto.input;
  // A shuffle ends in the node, and begins further in front.
  const x = proto.opType === 'Slice' ? own : extents.fileName(before.inputs[0] ?? '');
  file.rewrite(proto, 'Gather', [x, indices]);
  setInt(proto, 'axis', Number(after.attributes.axis));
};

const pad: Rule = (proto, before, after, patch) => {
  const { walk } = patch.read;
  const [old, wanted] = [list(before, 'pads'), list(after, 'pads')];
  const rank = wanted.length / 2;
  const axes = [
    ...(walk.constant(proto.input[3] ?? '')?.[0].data ?? Array.from({ length: rank }, (_, i) => i)),
  ];
  const changes = new Map<number, number>();
  axes.forEach((given, i) => {
    const axis = (given + rank) % rank;
    if (old[axis] !== wanted[axis]) changes.set(i, wanted[axis] ?? 0);
    if (old[axis + rank] !== wanted[axis + rank]) changes.set(i + axes.length, wanted[axis + rank] ?? 0);
  });
  changeList(patch, proto, 1, 'pads', changes);
};

/** By the operation in the file and the one in the network. Others say nothing of channels, or by a shape: see `patchShapes`. */
const rules: Readonly<Record<string, Rule>> = {
  'Conv Conv': group,
  'ConvTranspose ConvTranspose': group,
  'Gather Gather': gather,
  'Pad Pad': pad,
  'Reshape Gather': becomesGather,
  'Slice Gather': becomesGather,
  'Slice Slice': slice,
  'Split Split': split,
};
