import { type Node, outputOf } from '../network.ts';
import type { Coupler, Labels, Operation } from '../operation.ts';
import type { Shape } from '../tensor.ts';

/** NumPy's broadcasting rule, which ONNX shares. */
export function broadcast(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const left = a[i - rank + a.length] ?? 1;
    const right = b[i - rank + b.length] ?? 1;
    if (left !== right && left !== 1 && right !== 1) {
      throw new Error(`shapes [${a}] and [${b}] cannot be broadcast together`);
    }
    return left === 1 ? right : left;
  });
}

/** Operands, broadcast: an index of the output is the same index of all (Add, Mul, ...). */
function coupleBroadcast(node: Node, coupler: Coupler): void {
  const out = coupler.shape(outputOf(node));
  out.forEach((_, axis) => {
    coupler.label(outputOf(node), axis, uniteOperands(node, coupler, node.inputs, out, axis));
  });
}

function uniteOperands(
  node: Node,
  coupler: Coupler,
  operands: readonly string[],
  out: Shape,
  axis: number,
): Labels | null {
  const extent = out[axis] ?? 1;
  let labels: Labels | null = null;
  const bound: { constant: string; axis: number }[] = [];
  let seen = false;
  for (const operand of operands) {
    const shape = coupler.shape(operand);
    const own = axis - out.length + shape.length;
    if (own < 0) continue;
    if (coupler.isConstant(operand)) {
      if (shape[own] === extent && extent > 1) bound.push({ constant: operand, axis: own });
      continue;
    }
    const here = coupler.labels(operand, own);
    if (shape[own] !== extent) {
      coupler.pin(here, `${node.op} "${node.name}" broadcasts its one channel to ${extent} channels`);
      continue;
    }
    if (seen) {
      coupler.unite(
        labels,
        here,
        `${node.op} "${node.name}" combines its channels with channels that cannot be removed`,
      );
      labels ??= here;
    } else labels = here;
    seen = true;
  }
  for (const { constant, axis: own } of bound) coupler.bind(constant, own, labels);
  return labels;
}

function arithmetic(op: string): Operation {
  return {
    op,
    shapes: (_node, [a = [], b = []]) => [broadcast(a, b)],
    couple: coupleBroadcast,
    // A constant operand that has axes is learnt (layer scale, a dense layer's bias), a scalar is a setting.
    // It is the rank that decides, since a cut may leave a single channel.
    parameters: (node, constants) =>
      node.inputs.filter((value) => (constants.get(value)?.dims.length ?? 0) > 0),
  };
}

/** Inputs: condition (of truth values), and what is taken where it holds, and where not. All are broadcast. */
export const where: Operation = {
  op: 'Where',
  shapes: (_node, [condition = [], yes = [], no = []]) => [broadcast(condition, broadcast(yes, no))],
  couple: coupleBroadcast,
  parameters: (node, constants) =>
    node.inputs.slice(1).filter((value) => (constants.get(value)?.dims.length ?? 0) > 0),
};

/** No attributes. */
export const arithmeticOperations = ['Add', 'Div', 'Max', 'Min', 'Mul', 'Pow', 'Sub', 'PRelu'].map(
  arithmetic,
);
