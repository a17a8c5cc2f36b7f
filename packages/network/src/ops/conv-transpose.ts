import { inputOf, type Node, outputOf } from '../network.ts';
import type { Operation } from '../operation.ts';
import { type Shape, sizeOf } from '../tensor.ts';
import { type ConvAttributes, partsOf } from './conv.ts';

/** Inputs: x [n, c, h, w], weight [c, out / group, kh, kw], bias? [out]. */
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
    const { group } = node.attributes;
    const incoming = coupler.labels(x, 1);
    const out = coupler.fresh(coupler.shape(outputOf(node))[1] ?? 0);
    if (isDepthwise(node, coupler.shape(w))) {
      const multiplier = out.length / group;
      const first = out.filter((_, i) => i % multiplier === 0);
      for (let k = 0; k < multiplier; k++) {
        const kth = out.filter((_, i) => i % multiplier === k);
        coupler.unite(first, kth, '');
        coupler.unite(
          incoming,
          kth,
          `depthwise ConvTranspose "${node.name}" reads channels that cannot be removed`,
        );
      }
      coupler.bind(w, 0, first);
      coupler.produce(node, w, 0, first);
    } else {
      // The weight has an axis for all inputs, and one that the outputs of every conv-group share.
      const reason = `grouped ConvTranspose "${node.name}" needs equally wide conv-groups, and channels of one cannot be removed`;
      const [first = out, ...others] = partsOf(out, group);
      for (const other of others) coupler.unite(first, other, reason);
      if (incoming) coupler.balance(partsOf(incoming, group), reason);
      coupler.bind(w, 0, incoming);
      coupler.bind(w, 1, first);
      coupler.consume(node, x, 1, incoming);
      coupler.produce(node, w, 1, first);
    }
    if (bias !== undefined) coupler.bind(bias, 0, out);
    coupler.label(outputOf(node), 1, out);
  },

  // A depthwise one loses whole conv-groups, every other kind keeps their number.
  cut(node, cut) {
    if (!isDepthwise(node, cut.shape(inputOf(node, 1)))) return node.attributes;
    return { ...node.attributes, group: cut.kept(inputOf(node, 0), 1) };
  },

  weight(node, shapeOf) {
    const [n = 1, , ...space] = shapeOf(inputOf(node, 0));
    return { tensor: inputOf(node, 1), positions: n * sizeOf(space) };
  },

  parameters: (node) => node.inputs.slice(1),
};

/** One input channel a conv-group (with any number of outputs each). */
function isDepthwise({ attributes: { group } }: Node<ConvTransposeAttributes>, [channels]: Shape): boolean {
  return group > 1 && group === channels;
}
