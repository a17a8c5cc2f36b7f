import { inputOf, type Node, outputOf } from '../network.ts';
import type { Coupler, Operation } from '../operation.ts';
import { sizeOf } from '../tensor.ts';
import { broadcast } from './arithmetic.ts';

/** x [..., in] times a constant weight [in, out] is a dense layer; other products leave channels alone. */
export const matMul: Operation = {
  op: 'MatMul',

  shapes(_node, [a = [], b = []]) {
    if (a.length < 2 || b.length < 2 || a.at(-1) !== b.at(-2)) {
      throw new Error(`[${a}] and [${b}] cannot be multiplied`);
    }
    return [[...broadcast(a.slice(0, -2), b.slice(0, -2)), a.at(-2) ?? 1, b.at(-1) ?? 1]];
  },

  couple(node, coupler) {
    const [x, w] = [inputOf(node, 0), inputOf(node, 1)];
    if (!isDense(node, coupler)) {
      pinOperands(node, coupler);
      return;
    }
    const last = coupler.shape(x).length - 1;
    const incoming = coupler.labels(x, last);
    const out = coupler.fresh(coupler.shape(w)[1] ?? 0);
    coupler.bind(w, 0, incoming);
    coupler.bind(w, 1, out);
    coupler.consume(node, x, last, incoming);
    coupler.produce(node, w, 1, out);
    for (let axis = 0; axis < last; axis++) coupler.label(outputOf(node), axis, coupler.labels(x, axis));
    coupler.label(outputOf(node), last, out);
  },

  weight(node, shapeOf) {
    // A weight with batch axes of its own applies each of its matrices to a share of the rows.
    const weight = shapeOf(inputOf(node, 1));
    const rows = sizeOf(shapeOf(outputOf(node)).slice(0, -1));
    return { tensor: inputOf(node, 1), positions: rows / sizeOf(weight.slice(0, -2)) };
  },

  parameters: (node, constants) => node.inputs.filter((value) => constants.has(value)),
};

function isDense(node: Node, coupler: Coupler): boolean {
  return coupler.isConstant(inputOf(node, 1)) && coupler.shape(inputOf(node, 1)).length === 2;
}

function pinOperands(node: Node, coupler: Coupler): void {
  for (const value of node.inputs) {
    coupler.shape(value).forEach((_, axis) => {
      coupler.pin(
        coupler.labels(value, axis),
        `MatMul "${node.name}" multiplies its channels with other values than a weight matrix`,
      );
    });
  }
}
