import type { Attributes, Node } from '@espalier/network';
import type { GraphBuilder, Value } from '../graph/builder.ts';
import { plain } from '../graph/layout.ts';

/**
 * How training computes one operation and its gradient. To add an operation is to write one of these in
 * `gradients/` and to list it in `gradients/all.ts`.
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

/**
 * An operation of one operand and one output, in the plain layout.
 *
 * @param rule adds what computes the output; answers with it, and with what leads from its gradient to the operand's
 */
export function ofOneOperand<A extends Attributes>(
  op: string,
  rule: (
    g: GraphBuilder,
    x: Value,
    node: Node<A>,
  ) => { readonly y: Value; readonly dx: (dy: Value) => Value },
): Differentiation<A> {
  return {
    op,
    forward(node, [given], { g }) {
      if (!given) throw new Error(`${op} has an operand`);
      const { y, dx } = rule(g, plain(g, given), node);
      return { outputs: [y], backward: (gradients) => [dx(plain(g, first(gradients)))] };
    },
  };
}
