import type { NetworkMetadata } from './metadata.ts';
import type { DataType, Shape, StoredType, Tensor } from './tensor.ts';

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
  /** What decides by the outputs, where the file goes on: a part of the file, not of what is judged and trained. */
  readonly tail?: Tail;
}

/** Nodes after a network's outputs (ArgMax, TopK, NonMaxSuppression and what follows): nobody cuts or trains them. */
export interface Tail {
  /** In topological order; they read outputs of the network and constants of the tail. */
  readonly nodes: readonly Node[];
  readonly constants: ReadonlyMap<string, Tensor>;
  /** What the file returns, in its order: values of the tail and of the network. */
  readonly outputs: readonly string[];
}

export interface NetworkInput {
  readonly name: string;
  /** -1 stands for the batch size; an input without a -1 does not follow the batch. */
  readonly shape: Shape;
  /** Default: float32. Of another one only a Cast, and operations without a rule, read. */
  readonly type?: DataType;
}

/** One operation applied to named values; names of nodes and of values are unique in a network. */
export interface Node<A extends Attributes = Attributes> {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: A;
  /** Of an operation without a rule, which a runtime knows; `attributes` are empty then. */
  readonly opaque?: Opaque;
}

/**
 * An operation that surgery has no rule for, as its file has it. What it reads and what it computes stays whole. The
 * node's `op` begins with the domain (`ai.onnx.GRU`), so nobody takes it for one with a rule.
 */
export interface Opaque {
  /** Its name within the domain. */
  readonly op: string;
  /** Empty for that of ONNX itself. */
  readonly domain: string;
  /** The operation set of the domain that it is of. */
  readonly version: number;
  /** Attributes, subgraphs among them, each an AttributeProto of ONNX. */
  readonly attributes: readonly Uint8Array[];
  /** Where the node's inputs stand among those of the operation, some of which may be left out. */
  readonly places: readonly number[];
  /** Names by which its subgraphs read values: these are the node's inputs after those, in this order. */
  readonly captured: readonly string[];
  /** Why it has no rule, for a person. */
  readonly why: string;
  /** Of each output. */
  readonly results: readonly Result[];
  /** Where its inputs say how many images there are: an axis of one that is so many times as long. Null: nowhere. */
  readonly batch: { readonly input: number; readonly axis: number; readonly times: number } | null;
}

export interface Result {
  readonly type: DataType;
  /** -3 stands for three times the batch size, 0 for an extent that the data decide. Null: nothing is known of it. */
  readonly shape: Shape | null;
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
