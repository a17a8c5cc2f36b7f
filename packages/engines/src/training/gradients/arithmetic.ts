import { type Attributes, broadcast } from '@espalier/network';
import { add, div, mul, positive, same, sub, unary, unbroadcast } from '../graph/arithmetic.ts';
import type { GraphBuilder, Value } from '../graph/builder.ts';
import { likewise, plain } from '../graph/layout.ts';
import { type Differentiation, first } from './differentiation.ts';

/** The gradients of both operands, before what was broadcast is summed up. */
type Rule = (
  g: GraphBuilder,
  operands: { readonly a: Value; readonly b: Value; readonly y: Value; readonly dy: Value },
) => { readonly a: () => Value; readonly b: () => Value };

function arithmetic(op: string, rule: Rule, { anyLayout = false } = {}): Differentiation<Attributes> {
  return {
    op,
    forward(_node, [left, right], { g }) {
      if (!left || !right) throw new Error(`${op} has two operands`);
      // Of equal shapes only: broadcasting follows the order of the axes in memory.
      const kept = anyLayout && same(left.dims, right.dims);
      const other = right.layout === 'blocked' ? right : left;
      const [a, b] = kept
        ? [likewise(g, left, other), likewise(g, right, other)]
        : [plain(g, left), plain(g, right)];
      const y = g.node(op, [a, b], broadcast(a.dims, b.dims), {}, { layout: a.layout });
      return {
        outputs: [y],
        backward(gradients, needs) {
          const dy = likewise(g, first(gradients), y);
          const of = rule(g, { a, b, y, dy });
          return [needs(0) ? fitted(g, of.a(), a) : undefined, needs(1) ? fitted(g, of.b(), b) : undefined];
        },
      };
    },
  };
}

function fitted(g: GraphBuilder, gradient: Value, operand: Value): Value {
  return same(gradient.dims, operand.dims) ? gradient : unbroadcast(g, gradient, operand.dims);
}

/** 1 where the first operand is the larger one, 0 where the second is, a half where they are equal. */
function wins(g: GraphBuilder, a: Value, b: Value): Value {
  const difference = sub(g, a, b);
  return add(g, mul(g, unary(g, 'Sign', difference), 0.5), 0.5);
}

export const arithmeticDifferentiations = [
  arithmetic('Add', (_g, { dy }) => ({ a: () => dy, b: () => dy }), { anyLayout: true }),
  arithmetic('Sub', (g, { dy }) => ({ a: () => dy, b: () => unary(g, 'Neg', dy) }), { anyLayout: true }),
  arithmetic('Mul', (g, { a, b, dy }) => ({ a: () => mul(g, dy, b), b: () => mul(g, dy, a) }), {
    anyLayout: true,
  }),
  arithmetic('Div', (g, { b, y, dy }) => ({
    a: () => div(g, dy, b),
    b: () => unary(g, 'Neg', div(g, mul(g, dy, y), b)),
  })),
  arithmetic('Max', (g, { a, b, dy }) => ({
    a: () => mul(g, dy, wins(g, a, b)),
    b: () => mul(g, dy, wins(g, b, a)),
  })),
  arithmetic('Min', (g, { a, b, dy }) => ({
    a: () => mul(g, dy, wins(g, b, a)),
    b: () => mul(g, dy, wins(g, a, b)),
  })),
  arithmetic('Pow', (g, { a, b, y, dy }) => ({
    a: () => mul(g, dy, mul(g, b, power(g, a, sub(g, b, 1)))),
    b: () => mul(g, dy, mul(g, y, unary(g, 'Log', a))),
  })),
  // x where it is positive, else slope * x
  arithmetic('PRelu', (g, { a, b, dy }) => {
    const on = positive(g, a);
    const off = sub(g, 1, on);
    return {
      a: () => mul(g, dy, add(g, on, mul(g, off, b))),
      b: () => mul(g, dy, mul(g, off, a)),
    };
  }),
];

function power(g: GraphBuilder, base: Value, exponent: Value): Value {
  return g.node('Pow', [base, exponent], broadcast(base.dims, exponent.dims));
}
