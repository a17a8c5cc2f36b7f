import type { Network, Shape, Tensor } from '@espalier/network';
import type { TracedNetwork } from '../decode.ts';
import { transposed } from '../folding/layout.ts';
import type { NodeProto, TensorProto } from '../generated/onnx_pb.ts';
import { putNumbers, tensorFields } from '../tensors.ts';
import { CannotPatch } from './cannot-patch.ts';
import { typeOf } from './element-type.ts';
import { type Filled, isFilled } from './filled.ts';
import { leafOf } from './leaf.ts';
import type { PatchedFile } from './patched-file.ts';

/** A place at which the file reads a weight. */
interface Use {
  readonly node: NodeProto;
  readonly index: number;
  /** As read. */
  readonly given: Tensor;
  /** As it shall be. */
  readonly wanted: Tensor;
}

/** Weights that were put into a file. */
export interface PutWeights {
  /** The new shapes of values that are weights, or are computed from some. */
  readonly shapes: ReadonlyMap<string, Shape>;
  /** Values that the file computed and now keeps. */
  readonly kept: readonly string[];
  /** Values of one number whose shape the file takes from others: see `patchFilled`. */
  readonly filled: readonly Filled[];
}

/**
 * Puts a network's weights in place of those that the file has. What is read through moves (Identity, Cast, Transpose,
 * ...) is put before them; what the file computes otherwise becomes a separate tensor, and so does what two
 * nodes read as one and the network has twice.
 *
 * @param network of the nodes that `read` has, with the same names
 */
export function putWeights(file: PatchedFile, read: TracedNetwork, network: Network): PutWeights {
  const shapes = new Map<string, Shape>();
  const kept: string[] = [];
  const filled: Filled[] = [];
  /** What each tensor of the file holds by now; undefined: what it held as given. */
  const holds = new Map<TensorProto, Tensor | undefined>();
  for (const { node, index, given, wanted } of usesOf(file, read, network)) {
    const value = node.input[index] ?? '';
    const leaf = leafOf(file, read.walk, value);
    if (!leaf && isFilled(file, read.walk, value, wanted) && given.data[0] === wanted.data[0]) {
      filled.push({ node, index, dims: wanted.dims });
      continue;
    }
    const isAsGiven = isSame(given, wanted);
    if (!leaf && isAsGiven) continue;
    const original = isAsGiven ? undefined : leaf?.original(wanted);
    const isFirst = leaf && !holds.has(leaf.tensor);
    if (isFirst && original) putNumbers(leaf.tensor, floats(original));
    if (isFirst && (original || isAsGiven)) holds.set(leaf.tensor, original);
    const held = leaf && holds.get(leaf.tensor);
    if (leaf && holds.has(leaf.tensor) && isSameOrNone(held, original)) {
      shapes.set(value, wanted.dims);
      continue;
    }
    const own = file.addTensor(value, tensorFields(typeOf(file, value, 'float'), floats(wanted)));
    file.setInput(node, index, own);
    if (!leaf) kept.push(value);
  }
  return { shapes, kept, filled };
}

function usesOf(file: PatchedFile, { walk }: TracedNetwork, network: Network): Use[] {
  const nodes = new Map(walk.nodes.map((node) => [node.name, node]));
  return network.nodes.flatMap(({ name, op, inputs }) => {
    const origin = walk.origins.get(name);
    const values = nodes.get(name)?.inputs ?? [];
    return values.flatMap((value, i): Use[] => {
      const given = walk.constants.get(value);
      if (!given) return [];
      const now = network.constants.get(inputs[i] ?? '');
      const perm = walk.turns?.nodes.get(name);
      const wanted = now && perm ? turnedBack(now, perm, given.dims.length) : now;
      if (!wanted) throw new CannotPatch(`${op} "${name}" reads no "${value}" any more`);
      const node = file.node(origin?.name ?? '');
      const index = origin?.inputs.findIndex((each) => walk.resolve(each) === value) ?? -1;
      if (node && index >= 0) return [{ node, index, given, wanted }];
      if (isSame(given, wanted)) return [];
      throw new CannotPatch(`${op} "${name}" computes "${value}" by itself`);
    });
  });
}

/** A constant in the order of axes that the file has, and with as many of them. */
function turnedBack(constant: Tensor, perm: readonly number[], rank: number): Tensor {
  const { dims, data } = constant;
  if (!(data instanceof Float32Array)) return constant;
  const lifted = [...new Array<number>(Math.max(0, perm.length - dims.length)).fill(1), ...dims];
  const moved = transposed({ kind: 'float', dims: lifted, data }, perm);
  return { dims: moved.dims.slice(perm.length - rank), data: Float32Array.from(moved.data) };
}

export function floats({ dims, data }: Tensor): { dims: Shape; data: Float32Array } {
  if (data instanceof Float32Array) return { dims, data };
  throw new CannotPatch('a weight is not made of floats');
}

function isSameOrNone(a: Tensor | undefined, b: Tensor | undefined): boolean {
  return a && b ? isSame(a, b) : a === b;
}

/** To the bit. */
function isSame(a: Tensor, b: Tensor): boolean {
  if (a === b) return true;
  if (`${a.dims}` !== `${b.dims}`) return false;
  return a.data === b.data || bytesOf(a).equals(bytesOf(b));
}

function bytesOf({ data }: Tensor): Buffer {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}
