import { InputError } from '@espalier/errors';
import { operationOf, type PadAttributes } from '@espalier/network';
import { pad } from '../graph/arithmetic.ts';
import { plain } from '../graph/layout.ts';
import { type Differentiation, first } from './differentiation.ts';

/** The padding's gradient is dropped. */
export const padding: Differentiation<PadAttributes> = {
  op: 'Pad',
  forward(node, [given], { g }) {
    if (!given) throw new Error('Pad has an input');
    if (node.attributes.mode !== 'constant') {
      throw new InputError(`Pad "${node.name}" in mode ${node.attributes.mode} cannot be trained through`);
    }
    const x = plain(g, given);
    const { pads } = node.attributes;
    const [dims = []] = operationOf(node).shapes(node, [x.dims]);
    const opposite = pads.map((each) => -each);
    const rank = x.dims.length;
    return {
      outputs: [g.node('Pad', [x], dims, node.attributes)],
      backward: (gradients) => [
        pad(g, plain(g, first(gradients)), opposite.slice(0, rank), opposite.slice(rank)),
      ],
    };
  },
};
