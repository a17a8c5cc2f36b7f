import { InputError } from '@espalier/errors';
import { operationOf, type PadAttributes } from '@espalier/network';
import { pad } from '../graph/arithmetic.ts';
import { ofOneOperand } from './differentiation.ts';

/** The padding's gradient is dropped. */
export const padding = ofOneOperand<PadAttributes>('Pad', (g, x, node) => {
  const { pads, mode } = node.attributes;
  if (mode !== 'constant') {
    throw new InputError(`Pad "${node.name}" in mode ${mode} cannot be trained through`);
  }
  const [dims = []] = operationOf(node).shapes(node, [x.dims]);
  const opposite = pads.map((each) => -each);
  const rank = x.dims.length;
  return {
    y: g.node('Pad', [x], dims, node.attributes),
    dx: (dy) => pad(g, dy, opposite.slice(0, rank), opposite.slice(rank)),
  };
});
