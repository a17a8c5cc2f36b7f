import type { Attributes, Node } from './network.ts';
import type { Shape, Tensor } from './tensor.ts';

/**
 * Everything the house knows of one operation. To add an operation is to write one of these in `ops/`
 * and to list it in `ops/all.ts`.
 */
export interface Operation<A extends Attributes = Attributes> {
  /** The operation's ONNX name. */
  readonly op: string;

  /** Output shapes from input shapes. Throws a plain Error that says what does not fit. */
  shapes(node: Node<A>, inputs: readonly Shape[]): Shape[];

  /** How the entries of its axes depend on each other; see `Coupler`. */
  couple(node: Node<A>, coupler: Coupler): void;

  /** The attributes after a cut, where they depend on channel counts. */
  cut?(node: Node<A>, cut: Cut): A;

  /**
   * Convolution and dense layers: the weight tensor and how often each of its elements is used per batch
   * (shapes are those of a batch of one where cost is counted). MACs are their product.
   */
  weight?(node: Node<A>, shapeOf: (value: string) => Shape): WeightUse | undefined;

  /** Its learnable constants; they count as params. Default: none. */
  parameters?(node: Node<A>, constants: ReadonlyMap<string, Tensor>): string[];
}

interface WeightUse {
  readonly tensor: string;
  readonly positions: number;
}

/**
 * One label for every index of an axis. Equal labels mean: these indices live and die together. FIXED
 * marks an index that cannot be removed.
 */
export type Labels = Int32Array;
export const FIXED = -1;

/**
 * Collects, operation by operation in topological order, which indices of which axes are tied. An axis
 * without labels (null) has only FIXED indices.
 */
export interface Coupler {
  shape(value: string): Shape;
  isConstant(value: string): boolean;
  /** Labels of an axis. An axis of an input that an operation never asks for is pinned. */
  labels(value: string, axis: number): Labels | null;
  label(value: string, axis: number, labels: Labels | null): void;

  /** New, untied labels. */
  fresh(count: number): Labels;

  /** Ties two axes of equal length index by index. A FIXED index fixes the other one, for this reason. */
  unite(a: Labels | null, b: Labels | null, reason: string): void;

  /** Equally many indices have to stay in each of these parts of an axis, whichever they are. */
  balance(parts: readonly Labels[], reason: string): void;

  /** These indices cannot be removed. */
  pin(labels: Labels | null, reason: string): void;

  /** The operation mixes these indices with each other: removing one is not the same as zeroing it. */
  mix(labels: Labels | null, reason: string): void;

  /** The weight's axis is cut with these labels; a weight is a constant, or else computed by other nodes. */
  bind(weight: string, axis: number, labels: Labels | null): void;

  /** The node's weight has one filter for each label, along `axis`. */
  produce(node: Node, weight: string, axis: number, labels: Labels): void;

  /** The node sums over these labels, which lie along `axis` of its input `value`. */
  consume(node: Node, value: string, axis: number, labels: Labels | null): void;
}

/** What an operation may ask while a cut rewrites its attributes. */
export interface Cut {
  /** Before the cut. */
  shape(value: string): Shape;
  /** How many of the indices [from, to) of an axis stay. */
  kept(value: string, axis: number, from?: number, to?: number): number;
  /** Which indices of an axis stay, ascending. */
  keptIndices(value: string, axis: number): readonly number[];
}
