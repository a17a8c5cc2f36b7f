import type { Attributes, Node } from '@espalier/network';
import type { GraphBuilder, Value } from '../graph/builder.ts';

/**
 * How training computes one operation and its gradient. To add an operation is to write one of these in
 * `gradients/` and to list it in `gradients/index.ts`.
 */
export interface Differentiation<A extends Attributes = Attributes> {
  readonly op: string;
  /** Adds the nodes that compute the operation's outputs; what the way back needs is kept in its closure. */
  forward(node: Node<A>, inputs: readonly Value[], context: TrainingContext): Differentiated;
}

export interface Differentiated {
  readonly outputs: readonly Value[];
  /**
   * Adds the nodes that compute the gradients of the inputs.
   *
   * @param gradients of the outputs, in any layout; undefined where nothing depends on an output
   * @param needs whether the gradient of an input is used at all
   * @returns one an input, undefined where it has none
   */
  backward(
    gradients: readonly (Value | undefined)[],
    needs: (input: number) => boolean,
  ): readonly (Value | undefined)[];
}

interface TrainingContext {
  readonly g: GraphBuilder;
  /** A BatchNorm's statistics of this batch: mean and unbiased variance, [c] each. */
  readonly onStatistics: (node: Node, mean: Value, variance: Value) => void;
}

/** The gradient of an operation's first output. */
export function first(gradients: readonly (Value | undefined)[]): Value {
  const [gradient] = gradients;
  if (!gradient) throw new Error('there is no gradient of the first output');
  return gradient;
}
