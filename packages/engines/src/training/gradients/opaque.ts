import { InputError } from '@espalier/errors';
import { operationOf } from '@espalier/network';
import { plain } from '../graph/layout.ts';
import { withoutGradient } from '../trainable.ts';
import type { Differentiation } from './differentiation.ts';

/** An operation without a rule, as it is. Nothing that is trained may are before it. */
export const opaque: Differentiation = {
  op: 'opaque',
  forward(node, inputs, { g }) {
    const dims = operationOf(node).shapes(
      node,
      inputs.map((value) => value.dims),
    );
    const outputs = g.opaque(
      node,
      inputs.map((value) => plain(g, value)),
      dims,
    );
    return {
      outputs,
      backward() {
        throw new InputError(withoutGradient(node));
      },
    };
  },
};
