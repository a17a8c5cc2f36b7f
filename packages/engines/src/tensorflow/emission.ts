import type { Attributes, Node } from '@espalier/network';
import type { Tensor } from '@tensorflow/tfjs';
import type { Computed, Layout, Tf, Value } from './value.ts';

/**
 * How TensorFlow.js computes one operation, with functional operations only. To add one is to write it in
 * `ops/` and to list it in `ops/all.ts`.
 */
export interface Emission<A extends Attributes = Attributes> {
  readonly op: string;
  /** Does once what does not depend on the run. */
  prepare(node: Node<A>, preparation: Preparation): Step;
}

/** Computes a node's outputs, inside of a tidy. */
export type Step = (inputs: Inputs) => Computed[];

/** A node's inputs by position. */
export type Inputs = (index: number) => Value;

export interface Preparation {
  readonly tf: Tf;
  /** Whether gradients are taken, so that only operations that have one may be used. */
  readonly differentiable: boolean;
  /** Makes tensors that live as long as the executable. */
  keep<T extends Tensor>(make: () => T): T;
  /**
   * Tensors made of one input, which is a constant usually (a transposed weight): made once for a
   * constant, at every run for a computed value.
   */
  derive<T extends Tensor | Tensor[]>(index: number, make: (tensor: Tensor) => T): (inputs: Inputs) => T;
}

/** An operation with nothing to do beforehand. */
export function unprepared<A extends Attributes>(
  op: string,
  compute: (inputs: Inputs, node: Node<A>, tf: Tf) => Computed,
): Emission<A> {
  return {
    op,
    prepare:
      (node, { tf }) =>
      (inputs) => [compute(inputs, node, tf)],
  };
}

/** An operation that works on any layout of its first input, which its one output has too. */
export function anyLayout<A extends Attributes>(
  op: string,
  compute: (tensor: Tensor, node: Node<A>, tf: Tf, layout: Layout) => Tensor,
): Emission<A> {
  return unprepared(op, (inputs, node, tf) => {
    const { layout } = inputs(0);
    return { tensor: compute(inputs(0).in(layout), node, tf, layout), layout };
  });
}

/** An operation that needs its first input in one layout, which its one output has too. */
export function inLayout<A extends Attributes>(
  op: string,
  layout: Layout,
  compute: (tensor: Tensor, node: Node<A>, tf: Tf, inputs: Inputs) => Tensor,
): Emission<A> {
  return unprepared(op, (inputs, node, tf) => ({
    tensor: compute(inputs(0).in(layout), node, tf, inputs),
    layout,
  }));
}
