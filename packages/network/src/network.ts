import type { NetworkMetadata } from './metadata.ts';
import type { Shape, StoredType, Tensor } from './tensor.ts';

/**
 * A trained network as plain data. Operations are the standard ones of ONNX with one difference: what an
 * exporter hands an operation as a constant tensor of sizes or indices (a reshape's target, pads, axes,
 * split sizes) is an attribute here. Nothing changes a network in place: a rewrite returns a new one that
 * shares the untouched tensors.
 */
export interface Network {
  readonly name: string;
  readonly inputs: readonly NetworkInput[];
  /** Names of the values that the network returns. */
  readonly outputs: readonly string[];
  /** In topological order. */
  readonly nodes: readonly Node[];
  /** Weights and other constants by value name. */
  readonly constants: ReadonlyMap<string, Tensor>;
  /** Of constants that the network's file keeps in another type than float32. */
  readonly stored?: ReadonlyMap<string, StoredType>;
  readonly metadata?: NetworkMetadata;
}

export interface NetworkInput {
  readonly name: string;
  /** -1 stands for the batch size; an input without a -1 does not follow the batch. Always float32. */
  readonly shape: Shape;
}

/** One operation applied to named values; names of nodes and of values are unique in a network. */
export interface Node<A extends Attributes = Attributes> {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: A;
}

export type AttributeValue = number | string | boolean | readonly number[];
export type Attributes = { readonly [name: string]: AttributeValue | undefined };

/** A node with one output, which is called as the node is. */
export function namedNode(
  op: string,
  inputs: readonly string[],
  name: string,
  attributes: Attributes = {},
): Node {
  return { name, op, inputs, outputs: [name], attributes };
}

/** The i-th input of a node that must have one. */
export function inputOf(node: Node, index: number): string {
  const name = node.inputs[index];
  if (name === undefined) throw new Error(`${node.op} "${node.name}" has no input ${index}`);
  return name;
}

/** The i-th output of a node that must have one. */
export function outputOf(node: Node, index = 0): string {
  const name = node.outputs[index];
  if (name === undefined) throw new Error(`${node.op} "${node.name}" has no output ${index}`);
  return name;
}

export function constantOf(network: Network, name: string): Tensor {
  const tensor = network.constants.get(name);
  if (tensor === undefined) throw new Error(`"${name}" is not a constant of network "${network.name}"`);
  return tensor;
}
