import { inferShapes, type Network, type Node, type Shape, sizeOf } from '@espalier/network';
import { producerOf } from './output-kind.ts';

/** One vector an image: [batch, length], with a length of two or more; further axes have the extent 1. */
export function isVector(shape: Shape): boolean {
  const [, ...rest] = shape;
  const length = Math.max(...rest);
  return length > 1 && sizeOf(rest) === length;
}

/**
 * Whether an output is a vector that is divided by its own length at the end, as LpNormalization and the ways to spell
 * it out do: an embedding, of which the direction alone counts.
 */
export function isEmbedding(network: Network, output: string): boolean {
  const last = producerOf(network, output);
  const [a = '', b = ''] = last?.inputs ?? [];
  const isDivided =
    (last?.op === 'Div' && isLengthOf(network, a, b)) ||
    (last?.op === 'Mul' && (isLengthOf(network, a, b) || isLengthOf(network, b, a)));
  return isDivided && isVector(inferShapes(network, 1).get(output) ?? []);
}

/** What may stand between a sum of squares and what a vector is divided by (or multiplied with): limits, changes of shape. */
const ON_THE_WAY = new Set(['Add', 'Clip', 'Gather', 'Max', 'Reciprocal', 'Sqrt', 'Transpose']);

/** Whether a value is made of the root of the sum of the squares of `x`. */
function isLengthOf(network: Network, x: string, length: string): boolean {
  let isRooted = false;
  let node = producerOf(network, length);
  while (node && ON_THE_WAY.has(node.op)) {
    isRooted ||= node.op === 'Sqrt';
    node = producerOf(network, theValue(network, node));
  }
  if (!isRooted || node?.op !== 'ReduceSum') return false;
  const squares = producerOf(network, node.inputs[0] ?? '');
  const [base = '', other = ''] = squares?.inputs ?? [];
  const isSquare = squares?.op === 'Mul' ? base === other : squares?.op === 'Pow' && isTwo(network, other);
  return isSquare && whereFrom(network, base) === whereFrom(network, x);
}

/** The operand that is no constant. */
function theValue({ constants }: Network, { inputs }: Node): string {
  return inputs.find((value) => !constants.has(value)) ?? '';
}

function isTwo({ constants }: Network, value: string): boolean {
  const data = constants.get(value)?.data;
  return data?.length === 1 && data[0] === 2;
}

/** The node that computes a value, changes of shape left out; the value itself where none does. */
function whereFrom(network: Network, value: string): string {
  let node = producerOf(network, value);
  while (node?.op === 'Transpose') {
    const before = producerOf(network, node.inputs[0] ?? '');
    if (!before) break;
    node = before;
  }
  return node?.name ?? value;
}
