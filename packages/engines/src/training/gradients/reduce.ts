import { type Node, operationOf, sizeOf } from '@espalier/network';
import { add, div, expand, mul, reduce, reshape, sub, sum, unary } from '../graph/arithmetic.ts';
import type { GraphBuilder, Value } from '../graph/builder.ts';
import { ofOneOperand } from './differentiation.ts';

interface Reduction {
  readonly g: GraphBuilder;
  readonly x: Value;
  /** With the reduced axes, of extent 1. */
  readonly y: Value;
  readonly dy: Value;
  readonly axes: readonly number[];
}

const rules = {
  ReduceSum: ({ g, x, dy }) => expand(g, dy, x.dims),
  ReduceMean({ g, x, dy, axes }) {
    const count = sizeOf(axes.map((axis) => x.dims[axis] ?? 1));
    return expand(g, count === 1 ? dy : div(g, dy, count), x.dims);
  },
  /** Values that share the maximum share its gradient. */
  ReduceMax({ g, x, y, dy, axes }) {
    // 1 where x is the maximum, for x - maximum <= 0 everywhere else
    const won = add(g, unary(g, 'Sign', sub(g, x, y)), 1);
    return mul(g, won, div(g, dy, sum(g, won, axes)));
  },
} satisfies Readonly<Record<string, (reduction: Reduction) => Value>>;

function reduction(
  op: string,
  by: keyof typeof rules,
  axesOf = (node: Node, _x: Value) => node.attributes.axes as readonly number[],
) {
  return ofOneOperand(op, (g, x, node) => {
    const axes = axesOf(node, x);
    const y = reduce(g, by, x, axes);
    const [dims = []] = operationOf(node).shapes(node, [x.dims]);
    return {
      y: reshape(g, y, dims),
      dx: (gradient) => rules[by]({ g, x, y, dy: reshape(g, gradient, y.dims), axes }),
    };
  });
}

const space = (_node: Node, x: Value) => [...x.dims.keys()].slice(2);

export const reductionDifferentiations = [
  reduction('ReduceSum', 'ReduceSum'),
  reduction('ReduceMean', 'ReduceMean'),
  reduction('ReduceMax', 'ReduceMax'),
  reduction('GlobalAveragePool', 'ReduceMean', space),
  reduction('GlobalMaxPool', 'ReduceMax', space),
];
