import { clone } from '@bufbuild/protobuf';
import { stridesOf } from '@espalier/network';
import { NodeAttributes } from '../file-node.ts';
import { stepping } from '../folding/elementwise.ts';
import {
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
  TensorProtoSchema,
} from '../generated/onnx_pb.ts';
import { putElements, tensorFields } from '../tensors.ts';
import type { Walk } from '../walk.ts';
import { CannotPatch } from './cannot-patch.ts';
import { typeOf } from './element-type.ts';
import type { Extents } from './extents.ts';
import { NewValues } from './new-values.ts';
import type { PatchedFile } from './patched-file.ts';

/** What single numbers of a list shall be, by their place in it. */
type Changes = ReadonlyMap<number, number>;

export interface Lists {
  readonly file: PatchedFile;
  readonly walk: Walk;
  readonly extents: Extents;
}

/**
 * Sees to it that numbers of a list that a node reads are these. Those that already are, since the file takes them from a
 * shape, stay open. Others are changed in the constant that holds them, wherever the list is put together (Concat,
 * Unsqueeze, ...), and what others read as well is changed in a copy.
 *
 * @param index of the list among the node's inputs
 * @param isChanged which of the numbers, as they are, may be changed
 * @throws {CannotPatch} for a number that the file computes together with others
 */
export function setElements(
  lists: Lists,
  node: NodeProto,
  index: number,
  wanted: Changes,
  isChanged: (value: number) => boolean = () => true,
): void {
  const { file, walk, extents } = lists;
  const now = new NewValues(file, walk, extents).constant(node.input[index] ?? '')?.[0].data;
  const wrong = [...wanted].filter(([at, to]) => now?.[at] !== to && isChanged(now?.[at] ?? to));
  if (wrong.length > 0) change(lists, node, index, new Map(wrong));
}

function change(lists: Lists, node: NodeProto, index: number, changes: Changes): void {
  const { file, walk } = lists;
  const value = node.input[index] ?? '';
  const tensor = file.tensor(value);
  if (tensor) {
    putElements(ownTensor(file, node, index, tensor), changes);
    return;
  }
  const maker = file.maker(value);
  const parts = maker && partsOf(walk, maker, changes);
  if (maker && parts) {
    const own = ownNode(file, node, index, maker);
    for (const [input, theirs] of parts) if (theirs.size > 0) change(lists, own, input, theirs);
    return;
  }
  const known = walk.constant(value)?.[0];
  if (!known || (known.data.length !== changes.size && maker?.opType !== 'Constant')) {
    throw new CannotPatch(
      `${node.opType} "${node.name}" takes channels from "${value}", which the file computes`,
    );
  }
  const data = known.data.map((element, at) => changes.get(at) ?? element);
  file.setInput(
    node,
    index,
    file.addTensor(value, tensorFields(typeOf(file, value, 'int'), { ...known, data })),
  );
}

/** Operations that keep the numbers of their first input in their order. */
const KEEPING = new Set(['Cast', 'Flatten', 'Identity', 'Reshape', 'Squeeze', 'Unsqueeze']);

/** The changes of each input of a node that puts a list together; undefined for one that computes. */
function partsOf(walk: Walk, maker: NodeProto, changes: Changes): [input: number, Changes][] | undefined {
  const { opType: op = '', input } = maker;
  if (KEEPING.has(op)) return [[0, changes]];
  const place = places[op];
  if (op !== 'Concat' && !place) return undefined;
  if (place) {
    const at = place(walk, maker);
    return at && [[0, new Map([...changes].map(([place, to]) => [at(place), to]))]];
  }
  let from = 0;
  return input.map((value, i) => {
    const start = from;
    from += walk.constant(value)?.[0].data.length ?? 0;
    const own = [...changes].filter(([at]) => at >= start && at < from);
    return [i, new Map(own.map(([at, to]) => [at - start, to]))];
  });
}

type Place = ((place: number) => number) | undefined;

function slicedPlace(walk: Walk, { input, opType: op = '', name = '', attribute }: NodeProto): Place {
  const attributes = new NodeAttributes({ op, name }, attribute);
  const first = (at: number) => walk.constant(input[at] ?? '')?.[0].data[0];
  const length = walk.constant(input[0] ?? '')?.[0].data.length ?? 0;
  const start = first(1) ?? attributes.ints('starts')?.[0] ?? 0;
  return (place) => (start < 0 ? start + length : start) + place * (first(4) ?? 1);
}

function gatheredPlace(walk: Walk, { input, opType: op = '', name = '', attribute }: NodeProto): Place {
  const indices = walk.constant(input[1] ?? '')?.[0].data;
  const length = walk.constant(input[0] ?? '')?.[0].data.length ?? 0;
  if (!indices || new NodeAttributes({ op, name }, attribute).int('axis', 0) !== 0) return undefined;
  return (place) => ((indices[place] ?? 0) + length) % length;
}

/** Where a number stood before the axes of a table were turned. */
function turnedPlace(walk: Walk, { input, opType: op = '', name = '', attribute }: NodeProto): Place {
  const dims = walk.constant(input[0] ?? '')?.[0].dims;
  const perm =
    new NodeAttributes({ op, name }, attribute).ints('perm') ?? dims?.map((_, i) => i).toReversed();
  if (!dims || !perm) return undefined;
  const strides = stridesOf(dims);
  return stepping(
    perm.map((axis) => dims[axis] ?? 1),
    perm.map((axis) => strides[axis] ?? 0),
  );
}

/** Operations that pick or move numbers: from where. */
const places: Readonly<Record<string, (walk: Walk, maker: NodeProto) => Place>> = {
  Gather: gatheredPlace,
  Slice: slicedPlace,
  Transpose: turnedPlace,
};

/** The tensor itself where only this node reads it, else a copy that only this node reads. */
function ownTensor(file: PatchedFile, node: NodeProto, index: number, tensor: TensorProto): TensorProto {
  const value = node.input[index] ?? '';
  if (file.readersOf(value) === 1) return tensor;
  const copy = file.addTensor(value, clone(TensorProtoSchema, tensor));
  file.setInput(node, index, copy);
  return file.tensor(copy) ?? tensor;
}

function ownNode(file: PatchedFile, node: NodeProto, index: number, maker: NodeProto): NodeProto {
  const value = node.input[index] ?? '';
  if (file.readersOf(value) === 1) return maker;
  const copy = clone(NodeProtoSchema, maker);
  copy.output = [file.newName(value)];
  if (copy.name) copy.name = file.newName(copy.name);
  file.insertBefore(node, copy);
  file.setInput(node, index, copy.output[0] ?? '');
  return copy;
}
