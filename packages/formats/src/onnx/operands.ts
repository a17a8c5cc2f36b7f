import type { Constant, Probed } from './constant.ts';
import { sameConstant, shortestDecimal } from './constant.ts';
import { type FileNode, nodeError, WithoutRule } from './file-node.ts';
import { EXPORT_APART } from './refusals.ts';
import type { Walk } from './walk.ts';

/** The i-th input that a node must have. */
export function requiredInput(node: FileNode, index: number): string {
  const value = node.inputs[index];
  if (!value) throw nodeError(node, `input ${index} is missing`);
  return value;
}

/** The i-th input, which must be constant; undefined if it is left out. */
export function constantInput(walk: Walk, node: FileNode, index: number): Probed<Constant> | undefined {
  const value = node.inputs[index];
  if (!value) return undefined;
  const constant = walk.constant(value);
  if (!constant) {
    throw new WithoutRule(`its input "${value}" (number ${index}) is computed`);
  }
  return constant;
}

/** A list of integers that may depend on the batch size: a shape. */
export function shapeInput(walk: Walk, node: FileNode, index: number): Probed<readonly number[]> | undefined {
  const constant = constantInput(walk, node, index);
  return constant && [[...constant[0].data], [...constant[1].data]];
}

/** A constant that is the same for every batch size. */
export function fixedInput(walk: Walk, node: FileNode, index: number): Constant | undefined {
  const constant = constantInput(walk, node, index);
  if (constant && !sameConstant(constant)) {
    throw nodeError(node, `"${node.inputs[index]}" (input ${index}) depends on the batch size`);
  }
  return constant?.[0];
}

/** A list of numbers that older operation sets have as an attribute; undefined where there is neither. */
export function integersOf(
  walk: Walk,
  node: FileNode,
  index: number,
  attribute: string,
): readonly number[] | undefined {
  const input = fixedInput(walk, node, index);
  return input ? [...input.data] : node.attributes.ints(attribute);
}

/** A single number; undefined if it is left out. */
export function scalarInput(walk: Walk, node: FileNode, index: number): number | undefined {
  const input = fixedInput(walk, node, index);
  if (!input) return undefined;
  const [value] = input.data;
  if (value === undefined || input.data.length !== 1 || Number.isNaN(value)) {
    throw nodeError(node, `"${node.inputs[index]}" (input ${index}) is not a single number`);
  }
  return input.kind === 'float' ? shortestDecimal(value) : value;
}

/** Refuses what would mix the images of a batch. */
export function refuseBatchAxis(walk: Walk, node: FileNode, value: string, axis: number): void {
  if (walk.followsBatch(value, axis)) {
    throw nodeError(
      node,
      `it works along axis ${axis}, which depends on the batch; images must stay separate`,
      EXPORT_APART,
    );
  }
}
