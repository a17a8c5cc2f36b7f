import {
  type Attributes,
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
 * Reshape, Transpose, Reshape that together only permute the channels (ShuffleNet's shuffle) become one Gather, and those
 * that make pixels of blocks of channels one DepthToSpace, which surgery can follow. It takes the name of the last of
 * the three.
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
  return nodes.flatMap((last): Node[] => {
    const moved = last.op === 'Reshape' ? only(last, 'Transpose') : undefined;
    const first = only(moved, 'Reshape');
    if (!moved || !first) return [last];
    const [x = '', split = '', out = ''] = [first.inputs[0], first.outputs[0], last.outputs[0]];
    const perm = Array.isArray(moved.attributes.perm) ? moved.attributes.perm : [];
    const blocks = blocksOf(shapeOf(x), shapeOf(split), perm, shapeOf(out));
    if (blocks) return inPlaceOf(last, x, blocks);
    const indices = channelOrder(shapeOf(x), shapeOf(split), perm);
    if (!indices || `${shapeOf(out)}` !== `${shapeOf(x)}`) return [last];
    return [{ ...last, op: 'Gather', inputs: [x], attributes: { axis: 1, indices } }];
  });
}

interface Block {
  readonly op: string;
  readonly attributes: Attributes;
}

/** The last one takes the node's name, and what is before it one after it. */
function inPlaceOf(node: Node, x: string, blocks: readonly Block[]): Node[] {
  let value = x;
  return blocks.map(({ op, attributes }, i) => {
    const isLast = i === blocks.length - 1;
    const name = isLast ? node.name : `${node.name}/${op}`;
    const outputs = isLast ? node.outputs : [name];
    const made: Node = { name, op, inputs: [value], outputs, attributes };
    value = outputs[0] ?? '';
    return made;
  });
}

/**
 * DepthToSpace and SpaceToDepth as frameworks spell them out (PixelShuffle and PixelUnshuffle of PyTorch): blocks of
 * r x r channels become pixels, or the other way round; undefined where it is anything else.
 */
function blocksOf(from: Shape, split: Shape, perm: readonly number[], to: Shape): Block[] | undefined {
  const [n, c = 0, h = 0, w = 0] = from;
  if (from.length !== 4 || split.length !== 6 || to.length !== 4 || split[0] !== n) return undefined;
  const r = Math.round(Math.sqrt((to[2] ?? 0) / h) * Math.sqrt((to[3] ?? 0) / w));
  const [up, small] = [`${[n, c / r ** 2, h * r, w * r]}`, Math.round(Math.sqrt((to[1] ?? 0) / c))];
  const is = (shape: readonly (number | undefined)[], order: string) =>
    `${split}` === `${shape}` && `${perm}` === order;
  if (r > 1 && `${to}` === up) {
    const attributes = (mode: 'CRD' | 'DCR') => [{ op: 'DepthToSpace', attributes: { blocksize: r, mode } }];
    if (is([n, r, r, c / r ** 2, h, w], '0,3,4,1,5,2')) return attributes('DCR');
    if (is([n, c / r ** 2, r, r, h, w], '0,1,4,2,5,3')) return attributes('CRD');
  }
  const down = `${[n, c * small ** 2, h / small, w / small]}`;
  if (small < 2 || `${to}` !== down) return undefined;
  const block: Block = { op: 'SpaceToDepth', attributes: { blocksize: small } };
  const pixels = [n, c, h / small, small, w / small, small];
  if (is(pixels, '0,3,5,1,2,4')) return [block];
  if (!is(pixels, '0,1,3,5,2,4')) return undefined;
  // Channel by channel: the same channels in another order.
  const indices = Array.from(
    { length: c * small ** 2 },
    (_, i) => (i % small ** 2) * c + Math.floor(i / small ** 2),
  );
  return [block, { op: 'Gather', attributes: { axis: 1, indices } }];
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
