import type { Attributes } from '@espalier/network';
import { concat } from '../graph/arithmetic.ts';
import { filled } from '../graph/builder.ts';
import { plain } from '../graph/layout.ts';
import type { Differentiation } from './differentiation.ts';

type SplitAttributes = Attributes & { readonly axis: number; readonly split: readonly number[] };

/** The parts' gradients side by side; a part that nothing depends on has the gradient 0. */
export const splitting: Differentiation<SplitAttributes> = {
  op: 'Split',
  forward(node, [given], { g }) {
    if (!given) throw new Error('Split has an input');
    const x = plain(g, given);
    const { axis, split } = node.attributes;
    const dims = split.map((size) => x.dims.map((extent, i) => (i === axis ? size : extent)));
    const outputs = g.nodeWithOutputs('Split', [x], dims, node.attributes);
    return {
      outputs,
      backward: (gradients) => [
        concat(
          g,
          outputs.map((output, i) => {
            const gradient = gradients[i];
            return gradient ? plain(g, gradient) : g.constant(filled(output.dims, 0));
          }),
          axis,
        ),
      ],
    };
  },
};
