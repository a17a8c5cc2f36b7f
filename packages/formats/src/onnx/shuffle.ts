import {
  inferShapes,
  type NetworkInput,
  type Node,
  PROBE_BATCH,
  type Shape,
  sizeOf,
  stridesOf,
  type Tensor,
} from '@espalier/network';
import { stepping } from './folding/elementwise.ts';

/**
 * Reshape, Transpose, Reshape that together only permute the channels (ShuffleNet's shuffle) become one
 * Gather, which surgery can follow. It takes the name of the last of the three.
 */
export function recogniseShuffles(
  nodes: readonly Node[],
  inputs: readonly NetworkInput[],
  constants: ReadonlyMap<string, Tensor>,
  outputs: readonly string[],
): Node[] {
  const shapes = inferShapes({ name: '', inputs, outputs, nodes, constants }, PROBE_BATCH);
  const shapeOf = (value = ''): Shape => shapes.get(value) ?? [];
  const producers = new Map(nodes.flatMap((node) => node.outputs.map((value) => [value, node])));
  const readers = new Map<string, number>();
  for (const value of [...outputs, ...nodes.flatMap((node) => node.inputs)]) {
    readers.set(value, (readers.get(value) ?? 0) + 1);
  }
  /** What computes the node's input, if it is this operation and nothing else reads it. */
  const only = (node: Node | undefined, op: string): Node | undefined => {
    const [value = ''] = node?.inputs ?? [];
    const before = producers.get(value);
    return before?.op === op && readers.get(value) === 1 ? before : undefined;
  };
  return nodes.map((last) => {
    const moved = last.op === 'Reshape' ? only(last, 'Transpose') : undefined;
    const first = only(moved, 'Reshape');
    if (!moved || !first) return last;
    const [x = '', split = '', out = ''] = [first.inputs[0], first.outputs[0], last.outputs[0]];
    const perm = moved.attributes.perm;
    const indices = channelOrder(shapeOf(x), shapeOf(split), Array.isArray(perm) ? perm : []);
    if (!indices || `${shapeOf(out)}` !== `${shapeOf(x)}`) return last;
    return { ...last, op: 'Gather', inputs: [x], attributes: { axis: 1, indices } };
  });
}

/**
 * The order that the channels of a value of shape `from` have after axis 1 was split into several axes of
 * `split` and these were permuted among each other; undefined where anything else moves.
 */
function channelOrder(from: Shape, split: Shape, perm: readonly number[]): number[] | undefined {
  const parts = split.length - from.length + 1;
  const channels = split.slice(1, 1 + parts);
  const regrouped = [from[0], ...channels, ...from.slice(2)];
  if (parts < 2 || `${regrouped}` !== `${split}` || sizeOf(channels) !== from[1]) return undefined;
  const staysOutside = perm.every(
    (axis, i) => axis === i || (i >= 1 && i <= parts && axis >= 1 && axis <= parts),
  );
  if (!staysOutside) return undefined;
  const order = perm.slice(1, 1 + parts).map((axis) => axis - 1);
  const strides = stridesOf(channels);
  const at = stepping(
    order.map((axis) => channels[axis] ?? 1),
    order.map((axis) => strides[axis] ?? 0),
  );
  return Array.from({ length: sizeOf(channels) }, (_, position) => at(position));
}
