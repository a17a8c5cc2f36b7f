import type { Attributes, Node } from '@espalier/network';
import { add, clip, div, mul, positive, sub, unary } from '../graph/arithmetic.ts';
import type { GraphBuilder, Value } from '../graph/builder.ts';
import { likewise, plain } from '../graph/layout.ts';
import { type Differentiation, first } from './differentiation.ts';

interface Point {
  readonly node: Node;
  readonly x: Value;
  readonly y: Value;
  readonly dy: Value;
}

/** dx from dy; f(0) = 0 keeps the channels that fill up a block at 0, so any layout will do. */
function pointwise(
  op: string,
  gradient: (g: GraphBuilder, point: Point) => Value,
  keepsZero: (node: Node) => boolean = () => false,
): Differentiation<Attributes> {
  return {
    op,
    forward(node, [given], { g }) {
      if (!given) throw new Error(`${op} has an operand`);
      const x = keepsZero(node) ? given : plain(g, given);
      const y = unary(g, op, x, node.attributes);
      return {
        outputs: [y],
        backward: (gradients) => [gradient(g, { node, x, y, dy: likewise(g, first(gradients), y) })],
      };
    },
  };
}

const always = () => true;

function setting({ node }: Point, name: string, otherwise: number): number {
  const value = node.attributes[name];
  return typeof value === 'number' ? value : otherwise;
}

export const pointwiseDifferentiations = [
  pointwise('Abs', (g, { x, dy }) => mul(g, dy, unary(g, 'Sign', x))),
  pointwise('Cast', (_g, { dy }) => dy, always),
  pointwise('Celu', (g, point) => {
    // y / alpha + 1 is exp(x / alpha) where x < 0
    const on = positive(g, point.x);
    const slope = add(g, mul(g, point.y, 1 / setting(point, 'alpha', 1)), 1);
    return mul(g, point.dy, add(g, on, mul(g, sub(g, 1, on), slope)));
  }),
  pointwise('Clip', (g, point) => mul(g, point.dy, inside(g, point)), holdsZero),
  pointwise('Elu', (g, point) => {
    // y + alpha is alpha * exp(x) where x < 0
    const on = positive(g, point.x);
    const slope = mul(g, sub(g, 1, on), add(g, point.y, setting(point, 'alpha', 1)));
    return mul(g, point.dy, add(g, on, slope));
  }),
  pointwise('Erf', (g, { x, dy }) =>
    mul(g, dy, mul(g, unary(g, 'Exp', unary(g, 'Neg', mul(g, x, x))), 2 / Math.sqrt(Math.PI))),
  ),
  pointwise('Exp', (g, { y, dy }) => mul(g, dy, y)),
  pointwise('HardSigmoid', (g, point) => {
    const [alpha, beta] = [setting(point, 'alpha', 0.2), setting(point, 'beta', 0.5)];
    return mul(g, point.dy, mul(g, between(g, add(g, mul(g, point.x, alpha), beta), 0, 1), alpha));
  }),
  pointwise('Identity', (_g, { dy }) => dy, always),
  pointwise(
    'LeakyRelu',
    (g, point) => {
      const alpha = setting(point, 'alpha', 0.01);
      return mul(g, point.dy, add(g, mul(g, positive(g, point.x), 1 - alpha), alpha));
    },
    always,
  ),
  pointwise('Log', (g, { x, dy }) => div(g, dy, x)),
  pointwise('Neg', (g, { dy }) => unary(g, 'Neg', dy), always),
  pointwise('Reciprocal', (g, { y, dy }) => unary(g, 'Neg', mul(g, dy, mul(g, y, y)))),
  pointwise('Relu', (g, { y, dy }) => mul(g, dy, positive(g, y)), always),
  pointwise('Selu', (g, point) => {
    // y + gamma * alpha is gamma * alpha * exp(x) where x < 0
    const [alpha, gamma] = [setting(point, 'alpha', 1), setting(point, 'gamma', 1)];
    const on = positive(g, point.x);
    const slope = mul(g, sub(g, 1, on), add(g, point.y, gamma * alpha));
    return mul(g, point.dy, add(g, mul(g, on, gamma), slope));
  }),
  pointwise('Sigmoid', (g, { y, dy }) => mul(g, dy, mul(g, y, sub(g, 1, y)))),
  pointwise('Softplus', (g, { x, dy }) => mul(g, dy, unary(g, 'Sigmoid', x))),
  pointwise('Softsign', (g, { x, dy }) => {
    const width = add(g, unary(g, 'Abs', x), 1);
    return div(g, dy, mul(g, width, width));
  }),
  pointwise('Sqrt', (g, { y, dy }) => div(g, mul(g, dy, 0.5), y)),
  pointwise('Tanh', (g, { y, dy }) => mul(g, dy, sub(g, 1, mul(g, y, y)))),
];

function holdsZero({ attributes }: Node): boolean {
  const { min = -1, max = 1 } = attributes as { min?: number; max?: number };
  return min <= 0 && max >= 0;
}

function inside(g: GraphBuilder, { node, x }: Point): Value {
  const { min, max } = node.attributes as { min?: number; max?: number };
  const above = min === undefined ? undefined : positive(g, min === 0 ? x : sub(g, x, min));
  const below = max === undefined ? undefined : positive(g, sub(g, max, x));
  if (above && below) return mul(g, above, below);
  return above ?? below ?? clip(g, add(g, mul(g, x, 0), 1), {});
}

/** 1 where low < x < high. */
function between(g: GraphBuilder, x: Value, low: number, high: number): Value {
  return mul(g, positive(g, low === 0 ? x : sub(g, x, low)), positive(g, sub(g, high, x)));
}
