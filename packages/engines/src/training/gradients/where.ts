import { broadcast } from '@espalier/network';
import { same, unbroadcast } from '../graph/arithmetic.ts';
import { plain } from '../graph/layout.ts';
import { type Differentiation, first } from './differentiation.ts';

/** To where the value was taken from. */
export const choosing: Differentiation = {
  op: 'Where',
  forward(_node, operands, { g }) {
    const [condition, yes, no] = operands.map((operand) => plain(g, operand));
    if (!condition || !yes || !no) throw new Error('Where has three operands');
    const dims = broadcast(condition.dims, broadcast(yes.dims, no.dims));
    return {
      outputs: [g.node('Where', [condition, yes, no], dims)],
      backward(gradients, needs) {
        const dy = plain(g, first(gradients));
        const zero = g.scalar(0);
        const part = (operand: typeof yes, taken: readonly (typeof yes)[]) => {
          const gradient = g.node('Where', [condition, ...taken], dims);
          return same(dims, operand.dims) ? gradient : unbroadcast(g, gradient, operand.dims);
        };
        return [
          undefined,
          needs(1) ? part(yes, [dy, zero]) : undefined,
          needs(2) ? part(no, [zero, dy]) : undefined,
        ];
      },
    };
  },
};
