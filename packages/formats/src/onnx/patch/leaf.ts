import { type Shape, sizeOf, type Tensor } from '@espalier/network';
import { NodeAttributes } from '../file-node.ts';
import { transposed } from '../folding/layout.ts';
import type { NodeProto, TensorProto } from '../generated/onnx_pb.ts';
import { kindOf } from '../tensors.ts';
import type { Walk } from '../walk.ts';
import type { PatchedFile } from './patched-file.ts';

/** Gives the value before a step from the one after it; undefined where that is not known. */
type Undo = (tensor: Tensor) => Tensor | undefined;

/** A tensor of the file that a value is made of, and how its numbers follow from those of the value. */
export interface Leaf {
  readonly tensor: TensorProto;
  /** What the tensor must hold for the value to be this. */
  original(value: Tensor): Tensor | undefined;
}

/** The tensor that nothing but moves are before; undefined for a value that the file computes from others. */
export function leafOf(file: PatchedFile, walk: Walk, value: string): Leaf | undefined {
  const steps: Undo[] = [];
  for (let at = value; ; ) {
    const tensor = file.tensor(at);
    if (tensor) {
      if (kindOf(tensor.dataType ?? 0) !== 'float') return undefined;
      return {
        tensor,
        original: (wanted) => steps.reduce<Tensor | undefined>((t, undo) => t && undo(t), wanted),
      };
    }
    const maker = file.maker(at);
    const undo = maker && undoOf(maker, walk);
    if (!maker || !undo) return undefined;
    steps.push(undo);
    at = maker.input[0] ?? '';
  }
}

const MOVES = new Set(['Flatten', 'Reshape', 'Squeeze', 'Unsqueeze']);

function undoOf(node: NodeProto, walk: Walk): Undo | undefined {
  const { opType: op = '', input, output } = node;
  const [from, to] = [walk.constant(input[0] ?? '')?.[0], walk.constant(output[0] ?? '')?.[0]];
  if (!from || !to || from.kind !== 'float' || to.kind !== 'float') return undefined;
  if (op === 'Identity' || op === 'Cast') return (tensor) => tensor;
  if (op === 'Transpose') return transposedBack(node, from.dims.length);
  return MOVES.has(op) ? (tensor) => reshapedBack(tensor, from.dims, to.dims) : undefined;
}

function transposedBack({ opType: op = '', name = '', attribute }: NodeProto, rank: number): Undo {
  const perm =
    new NodeAttributes({ op, name }, attribute).ints('perm') ??
    Array.from({ length: rank }, (_, axis) => rank - 1 - axis);
  const back = perm.map((_, axis) => perm.indexOf(axis));
  return ({ dims, data }) => {
    if (!(data instanceof Float32Array)) return undefined;
    const moved = transposed({ kind: 'float', dims, data }, back);
    return { dims: moved.dims, data: Float32Array.from(moved.data) };
  };
}

/** Axes of one only come and go, or the shape is as it was. */
function reshapedBack({ dims, data }: Tensor, from: Shape, to: Shape): Tensor | undefined {
  if (`${dims}` === `${to}`) return { dims: from, data };
  const wide = to.flatMap((extent, axis) => (extent === 1 ? [] : [axis]));
  const places = from.flatMap((extent, axis) => (extent === 1 ? [] : [axis]));
  if (wide.length !== places.length || wide.some((axis, i) => to[axis] !== from[places[i] ?? 0]))
    return undefined;
  const before = [...from];
  places.forEach((place, i) => {
    before[place] = dims[wide[i] ?? 0] ?? 1;
  });
  return sizeOf(before) === data.length ? { dims: before, data } : undefined;
}
