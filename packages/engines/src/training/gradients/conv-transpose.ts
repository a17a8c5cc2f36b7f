import type { ConvTransposeAttributes } from '@espalier/network';
import { operationOf } from '@espalier/network';
import { channelSum, plain } from '../graph/layout.ts';
import * as convolution from './conv/general.ts';
import { type Differentiation, first } from './differentiation.ts';

/** The input gradient of a convolution, so its own gradients are a convolution and its weight gradient. */
export const convTranspose: Differentiation<ConvTransposeAttributes> = {
  op: 'ConvTranspose',
  forward(node, [given, w, b], { g }) {
    if (!given || !w) throw new Error('a transposed convolution has an input and a weight');
    const x = plain(g, given);
    const [dims = []] = operationOf(node).shapes(node, [x.dims, w.dims]);
    const y = g.node('ConvTranspose', [x, w, b], dims, { ...node.attributes, kernel_shape: w.dims.slice(2) });
    return {
      outputs: [y],
      backward(gradients, needs) {
        const dy = plain(g, first(gradients));
        return [
          needs(0) ? convolution.forward(g, dy, w, undefined, node.attributes) : undefined,
          needs(1) ? convolution.weightGradient(g, dy, x, w.dims, node.attributes) : undefined,
          b && needs(2) ? channelSum(g, dy) : undefined,
        ];
      },
    };
  },
};
