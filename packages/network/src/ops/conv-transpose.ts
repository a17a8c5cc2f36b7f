import { inputOf, outputOf } from '../network.ts';
import type { Operation } from '../operation.ts';
import { sizeOf } from '../tensor.ts';
import type { ConvAttributes } from './conv.ts';

/** Inputs: x [n, c, h, w], weight [c, out / group, kh, kw], bias? [out]. Channels are cut only for group 1. */
export type ConvTransposeAttributes = ConvAttributes & { readonly output_padding: readonly number[] };

export const convTranspose: Operation<ConvTransposeAttributes> = {
  op: 'ConvTranspose',

  shapes(node, [x = [], w = []]) {
    const { strides, pads, dilations, group, output_padding } = node.attributes;
    const [n = 0, channels = 0, ...space] = x;
    const [fromChannels = 0, perGroup = 0, ...kernel] = w;
    if (x.length !== 4 || w.length !== 4 || channels !== fromChannels) {
      throw new Error(`input [${x}] does not fit weight [${w}]`);
    }
    const extents = space.map((extent, i) => {
      const padding = (pads[i] ?? 0) + (pads[i + space.length] ?? 0);
      const reach = ((kernel[i] ?? 1) - 1) * (dilations[i] ?? 1) + 1;
      return (extent - 1) * (strides[i] ?? 1) + reach + (output_padding[i] ?? 0) - padding;
    });
    return [[n, perGroup * group, ...extents]];
  },

  couple(node, coupler) {
    const [x, w, bias] = [inputOf(node, 0), inputOf(node, 1), node.inputs[2]];
    const incoming = coupler.labels(x, 1);
    const out = coupler.fresh(coupler.shape(outputOf(node))[1] ?? 0);
    if (node.attributes.group > 1) {
      const reason = `ConvTranspose "${node.name}" is grouped, which surgery does not support`;
      coupler.pin(incoming, reason);
      coupler.pin(out, reason);
    } else {
      coupler.bind(w, 0, incoming);
      coupler.bind(w, 1, out);
    }
    if (bias !== undefined) coupler.bind(bias, 0, out);
    coupler.consume(node, x, 1, incoming);
    coupler.produce(node, w, 1, out);
    coupler.label(outputOf(node), 1, out);
  },

  weight(node, shapeOf) {
    const [n = 1, , ...space] = shapeOf(inputOf(node, 0));
    return { tensor: inputOf(node, 1), positions: n * sizeOf(space) };
  },

  parameters: (node) => node.inputs.slice(1),
};
