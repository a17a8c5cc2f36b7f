import type { Constant } from '../constant.ts';
import { type FileNode, nodeError } from '../file-node.ts';

/**
 * Computes a node whose inputs are all constants. An input that is left out is undefined; so is what is to be computed
 * as any node of the network.
 */
export type Fold = (
  node: FileNode,
  inputs: readonly (Constant | undefined)[],
  opset: number,
) => Constant | undefined;

export function operand(node: FileNode, inputs: readonly (Constant | undefined)[], index: number): Constant {
  const input = inputs[index];
  if (!input) throw nodeError(node, `input ${index} is missing`);
  return input;
}

/** An operand that older operation sets have as an attribute; undefined if it is left out. */
export function integers(
  node: FileNode,
  inputs: readonly (Constant | undefined)[],
  index: number,
  attribute: string,
): readonly number[] | undefined {
  const input = inputs[index];
  return input ? [...input.data] : node.attributes.ints(attribute);
}
