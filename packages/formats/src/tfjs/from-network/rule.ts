import { type Attributes, type Node, outputOf } from '@espalier/network';
import type { GraphWriter, Order } from './graph-writer.ts';

/** Says one node of a network in those of a TensorFlow graph. */
export type WriteRule = (node: Node, to: GraphWriter) => void;

/** Each rule is written for the attributes that go with its operation's name. */
export function rule<A extends Attributes>(write: (node: Node<A>, to: GraphWriter) => void): WriteRule {
  return write as unknown as WriteRule;
}

/** Where the first input goes through in the order that it is there in. */
export function through<A extends Attributes>(
  write: (
    x: string,
    node: Node<A>,
    to: GraphWriter,
    order: Order,
  ) => readonly [op: string, inputs: readonly string[], attributes?: object],
): WriteRule {
  return rule<A>((node, to) => {
    const x = node.inputs[0] ?? '';
    const order = to.home(x);
    const [op, inputs, attributes] = write(to.in(x, order), node, to, order);
    to.define(outputOf(node), order, op, inputs, { ...attributes });
  });
}
