import { clone, create } from '@bufbuild/protobuf';
import type { Shape, Tensor } from '@espalier/network';
import { type NodeProto, NodeProtoSchema, TensorProto_DataType } from '../generated/onnx_pb.ts';
import { tensorFields } from '../tensors.ts';
import type { Walk } from '../walk.ts';
import { NewValues } from './new-values.ts';
import type { Patch } from './patch.ts';
import type { PatchedFile } from './patched-file.ts';

/** A place at which the file reads one number as often as another value is large, such as a state that begins at zero. */
export interface Filled {
  readonly node: NodeProto;
  readonly index: number;
  /** How large it shall be there, in the order of axes that the file has. */
  readonly dims: Shape;
}

/** Where an operation that repeats one number is told the shape. */
export const FILL_SHAPES: Readonly<Record<string, number>> = { ConstantOfShape: 0, Expand: 1 };

/** Whether the file takes the shape of a value from another one, and fills it with one number. */
export function isFilled(file: PatchedFile, walk: Walk, value: string, wanted: Tensor): boolean {
  const maker = file.maker(value);
  const at = FILL_SHAPES[maker?.opType ?? ''];
  if (!maker || at === undefined || file.tensor(maker.input[at] ?? '')) return false;
  const [first] = wanted.data;
  return walk.constant(value) !== undefined && wanted.data.every((number) => number === first);
}

/**
 * The network has such a value as a constant, so that it stays as wide as it was while what it took its shape from is
 * cut, and may itself be cut for one of its readers. What the shape lacks by now is added to it: sizes that are open stay so.
 */
export function patchFilled({ file, read, extents }: Patch, places: readonly Filled[]): void {
  const values = new NewValues(file, read.walk, extents);
  const made = new Map<string, string>();
  for (const { node, index, dims } of places) {
    const value = node.input[index] ?? '';
    const key = JSON.stringify([value, dims]);
    const own = made.get(key) ?? withExtents(file, values, value, dims);
    made.set(key, own);
    if (own !== value) file.setInput(node, index, own);
  }
}

/** The value itself where nothing is amiss, or where its shape is not known: what is read of the file tells then. */
function withExtents(file: PatchedFile, values: NewValues, value: string, dims: Shape): string {
  const maker = file.maker(value);
  const at = FILL_SHAPES[maker?.opType ?? ''] ?? 0;
  const list = maker?.input[at] ?? '';
  const [one, other] = values.constant(list) ?? [];
  if (!maker || one?.data.length !== dims.length) return value;
  // What follows the number of images is left to the runtime.
  const lack = dims.map((extent, axis) => {
    const now = one.data[axis] ?? extent;
    return now === other?.data[axis] ? extent - now : 0;
  });
  if (lack.every((each) => each === 0)) return value;
  const fields = tensorFields(TensorProto_DataType.INT64, { dims: [lack.length], data: lack });
  const shape = file.newName(`${value}/shape`);
  const input = [list, file.addTensor(`${value}/lack`, fields)];
  file.insertBehindInputs(
    create(NodeProtoSchema, { name: file.newName(shape), opType: 'Add', input, output: [shape] }),
  );
  const copy = clone(NodeProtoSchema, maker);
  copy.input[at] = shape;
  copy.output = [file.newName(value)];
  copy.name = file.newName(maker.name || value);
  file.insertBehindInputs(copy);
  return copy.output[0] ?? value;
}
