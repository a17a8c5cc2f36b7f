import type { ConvAttributes, Shape } from '@espalier/network';
import type { GraphBuilder, Value } from '../graph/builder.ts';
import { blocked, canBlock, channelSum, channelsOf, plain } from '../graph/layout.ts';
import * as blockedForm from './conv/blocked.ts';
import * as generalForm from './conv/general.ts';
import { type Differentiation, first } from './differentiation.ts';

/**
 * y = x * w + b. Its gradients are convolutions again (Dumoulin and Visin, "A guide to convolution arithmetic
 * for deep learning", 2016, chapter 4): that of the input is dy, transposed-convolved with w; that of the
 * weight convolves x with dy, images taking the place of channels, strides and dilations changing places.
 */
export const conv: Differentiation<ConvAttributes> = {
  op: 'Conv',
  forward(node, [x, w, b], { g }) {
    if (!x || !w) throw new Error('a convolution has an input and a weight');
    const form = canBlock(g, x) && blockedForm.supports(node.attributes) ? blockedForm : generalForm;
    const y = form.forward(g, x, w, b, node.attributes);
    return {
      outputs: [y],
      backward(gradients, needs) {
        const dy = y.layout === 'blocked' ? blocked(g, first(gradients)) : plain(g, first(gradients));
        return [
          needs(0) ? inputGradient(g, dy, x, w, node.attributes) : undefined,
          needs(1) ? weightGradient(g, x, dy, w.dims, node.attributes) : undefined,
          b && needs(2) ? channelsOf(g, channelSum(g, dy), dy) : undefined,
        ];
      },
    };
  },
};

function inputGradient(g: GraphBuilder, dy: Value, x: Value, w: Value, attributes: ConvAttributes): Value {
  if (dy.layout === 'blocked' && blockedForm.hasInputGradient(w, attributes)) {
    return blockedForm.inputGradient(g, dy, x.dims, w, attributes);
  }
  return generalForm.inputGradient(g, dy, x.dims, w, attributes);
}

function weightGradient(g: GraphBuilder, x: Value, dy: Value, w: Shape, attributes: ConvAttributes): Value {
  const form =
    dy.layout === 'blocked' && blockedForm.hasWeightGradient(attributes) ? blockedForm : generalForm;
  return form.weightGradient(g, x, dy, w, attributes);
}
