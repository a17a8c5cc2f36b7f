import type { GraphNode } from './node-def.ts';

/** A dilated convolution that is spelled SpaceToBatchND, convolution, BatchToSpaceND. */
export interface Dilation {
  /** By how much the window is spread, vertically and horizontally. */
  readonly block: readonly number[];
  /** Values: what is padded before, and what is cut off behind, of rows and of columns. */
  readonly paddings: string;
  readonly crops: string;
}

const CONVOLUTIONS = new Set([
  'Conv2D',
  'DepthwiseConv2dNative',
  'FusedDepthwiseConv2dNative',
  '_FusedConv2D',
]);
/** What may stand between the convolution and BatchToSpaceND: each value by itself, or one for each channel. */
const BETWEEN = new Set(['Add', 'AddV2', 'BiasAdd', 'Mul', 'Relu', 'Relu6']);

/**
 * Convolutions between SpaceToBatchND and BatchToSpaceND, by the names of all three: for the convolution what to do
 * instead, and for the others that they do nothing.
 *
 * @param numbers of a constant
 */
export function dilationsOf(
  nodes: readonly GraphNode[],
  numbers: (value: string) => readonly number[] | undefined,
): Map<string, Dilation> {
  const found = new Map<string, Dilation>();
  if (!nodes.some(({ op }) => op === 'BatchToSpaceND')) return found;
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const readers = new Map<string, number>();
  for (const { inputs } of nodes)
    for (const value of inputs) readers.set(value, (readers.get(value) ?? 0) + 1);
  const readOnce = (node: GraphNode | undefined) => node && readers.get(node.name) === 1;
  for (const after of nodes) {
    if (after.op !== 'BatchToSpaceND') continue;
    let conv = byName.get(after.inputs[0] ?? '');
    for (let i = 0; conv && BETWEEN.has(conv.op) && readOnce(conv) && i < nodes.length; i++)
      conv = byName.get(conv.inputs[0] ?? '');
    const before = byName.get(conv?.inputs[0] ?? '');
    if (!conv || !CONVOLUTIONS.has(conv.op) || !readOnce(conv)) continue;
    if (before?.op !== 'SpaceToBatchND' || !readOnce(before)) continue;
    const dilation = dilationOf([before, conv, after], numbers);
    if (!dilation) continue;
    for (const { name } of [before, conv, after]) found.set(name, dilation);
  }
  return found;
}

function dilationOf(
  [before, conv, after]: readonly [GraphNode, GraphNode, GraphNode],
  numbers: (value: string) => readonly number[] | undefined,
): Dilation | undefined {
  const [block, same] = [numbers(before.input(1)), numbers(after.input(1))];
  if (block?.length !== 2 || `${block}` !== `${same}`) return undefined;
  if (conv.text('padding', 'VALID') !== 'VALID' || conv.text('data_format', 'NHWC') !== 'NHWC')
    return undefined;
  if (conv.ints('strides').some((stride) => stride !== 1)) return undefined;
  return { block, paddings: before.input(2), crops: after.input(2) };
}
