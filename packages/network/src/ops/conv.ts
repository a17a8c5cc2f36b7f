import { inputOf, type Node, outputOf } from '../network.ts';
import type { Coupler, Labels, Operation } from '../operation.ts';
import { type Shape, sizeOf } from '../tensor.ts';

/** Two-dimensional; pads are [top, left, bottom, right]. Inputs: x [n, c, h, w], weight [out, c / group, kh, kw], bias? [out]. */
export type ConvAttributes = {
  readonly strides: readonly number[];
  readonly pads: readonly number[];
  readonly dilations: readonly number[];
  readonly group: number;
};

/** Output extent of a sliding window along one axis. */
export function windowExtent(
  extent: number,
  kernel: number,
  stride: number,
  padding: number,
  dilation: number,
  ceil = false,
): number {
  const span = (extent + padding - dilation * (kernel - 1) - 1) / stride;
  return (ceil ? Math.ceil(span) : Math.floor(span)) + 1;
}

export const conv: Operation<ConvAttributes> = {
  op: 'Conv',

  shapes(node, [x = [], w = []]) {
    if (x.length !== 4 || w.length !== 4) {
      throw new Error(
        `only two-dimensional convolutions are supported, this one has input [${x}] and weight [${w}]${w.length === 3 ? ': export it as one with a kernel of 1 x k, over [batch, channels, 1, width]' : ''}`,
      );
    }
    const { strides, pads, dilations, group } = node.attributes;
    const [n = 0, channels = 0, ...space] = x;
    const [out = 0, perGroup = 0, ...kernel] = w;
    if (perGroup * group !== channels || out % group !== 0) {
      throw new Error(`input [${x}] does not fit weight [${w}] with ${group} group(s)`);
    }
    const extents = space.map((extent, i) =>
      windowExtent(
        extent,
        kernel[i] ?? 1,
        strides[i] ?? 1,
        (pads[i] ?? 0) + (pads[i + space.length] ?? 0),
        dilations[i] ?? 1,
      ),
    );
    if (extents.some((extent) => extent < 1)) {
      throw new Error(`its window does not fit into the input [${x}]`);
    }
    return [[n, out, ...extents]];
  },

  couple(node, coupler) {
    const [x, w, bias] = [inputOf(node, 0), inputOf(node, 1), node.inputs[2]];
    const incoming = coupler.labels(x, 1);
    const out = coupler.fresh(coupler.shape(w)[0] ?? 0);
    coupleConvGroups(node, coupler, incoming, out);
    coupler.bind(w, 0, out);
    if (bias !== undefined) coupler.bind(bias, 0, out);
    coupler.produce(node, w, 0, out);
    coupler.label(outputOf(node), 1, out);
  },

  // A depthwise convolution loses whole conv-groups, every other kind keeps their number.
  cut(node, cut) {
    const [x, w] = [inputOf(node, 0), inputOf(node, 1)];
    if (!isDepthwise(cut.shape(w), node.attributes.group)) return node.attributes;
    return { ...node.attributes, group: cut.kept(x, 1) };
  },

  weight(node, shapeOf) {
    const [n = 1, , ...space] = shapeOf(outputOf(node));
    return { tensor: inputOf(node, 1), positions: n * sizeOf(space) };
  },

  parameters: (node) => node.inputs.slice(1),
};

/** One input channel a conv-group (with any number of outputs each). */
function isDepthwise(weight: Shape, group: number): boolean {
  return group > 1 && weight[1] === 1;
}

/**
 * Ties the channels of a convolution with conv-groups. Depthwise: input channel g lives and dies with the
 * outputs computed from it. Grouped: the i-th input of every conv-group is one unit, since they share an
 * axis of the weight; of the outputs every conv-group has to keep equally many.
 */
function coupleConvGroups(
  node: Node<ConvAttributes>,
  coupler: Coupler,
  incoming: Labels | null,
  out: Labels,
): void {
  const [x, w] = [inputOf(node, 0), inputOf(node, 1)];
  const { group } = node.attributes;
  if (isDepthwise(coupler.shape(w), group)) {
    const multiplier = out.length / group;
    for (let k = 0; k < multiplier; k++) {
      const kth = out.filter((_, i) => i % multiplier === k);
      coupler.unite(incoming, kth, `depthwise Conv "${node.name}" reads channels that cannot be removed`);
    }
    return;
  }
  const reason = `grouped Conv "${node.name}" needs equally wide conv-groups, and channels of one cannot be removed`;
  const [first = null, ...others] = incoming ? partsOf(incoming, group) : [];
  for (const other of others) coupler.unite(first, other, reason);
  coupler.balance(partsOf(out, group), reason);
  coupler.bind(w, 1, first);
  coupler.consume(node, x, 1, incoming);
}

/** `count` equally long parts, one for each conv-group. */
export function partsOf(labels: Labels, count: number): Labels[] {
  const size = labels.length / count;
  return Array.from({ length: count }, (_, i) => labels.subarray(i * size, (i + 1) * size));
}
