import type { Attributes, GemmAttributes } from '@espalier/network';
import { matmul, mul, sum, unbroadcast } from '../graph/arithmetic.ts';
import type { GraphBuilder, Value } from '../graph/builder.ts';
import { plain } from '../graph/layout.ts';
import { type Differentiation, first } from './differentiation.ts';

/** y = alpha * x w + beta * b: dx = alpha * dy w', dw = alpha * x' dy, db = beta * the sum of dy over images. */
export const gemm: Differentiation<GemmAttributes> = {
  op: 'Gemm',
  forward(node, [given, w, b], { g }) {
    if (!given || !w) throw new Error('Gemm has an input and a weight');
    const x = plain(g, given);
    const { transB, alpha, beta } = node.attributes;
    const y = g.node('Gemm', [x, w, b], [x.dims[0] ?? 1, w.dims[transB ? 0 : 1] ?? 1], node.attributes);
    return {
      outputs: [y],
      backward(gradients, needs) {
        const dy = plain(g, first(gradients));
        const dw = () => (transB ? matmul(g, dy, x, { transA: true }) : matmul(g, x, dy, { transA: true }));
        return [
          needs(0) ? scaled(g, matmul(g, dy, w, { transB: !transB }), alpha) : undefined,
          needs(1) ? scaled(g, dw(), alpha) : undefined,
          b && needs(2) ? scaled(g, unbroadcast(g, sum(g, dy, [0], false), b.dims), beta) : undefined,
        ];
      },
    };
  },
};

/** y = a b: da = dy b', db = a' dy, summed over what was broadcast. */
export const matMul: Differentiation<Attributes> = {
  op: 'MatMul',
  forward(_node, [left, right], { g }) {
    if (!left || !right) throw new Error('MatMul has two operands');
    const [a, b] = [plain(g, left), plain(g, right)];
    return {
      outputs: [matmul(g, a, b)],
      backward(gradients, needs) {
        const dy = plain(g, first(gradients));
        return [
          needs(0) ? unbroadcast(g, matmul(g, dy, b, { transB: true }), a.dims) : undefined,
          needs(1) ? unbroadcast(g, matmul(g, a, dy, { transA: true }), b.dims) : undefined,
        ];
      },
    };
  },
};

function scaled(g: GraphBuilder, x: Value, factor: number): Value {
  return factor === 1 ? x : mul(g, x, factor);
}
