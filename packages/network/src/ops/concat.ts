import { type Attributes, type Node, outputOf } from '../network.ts';
import { type Coupler, FIXED, type Labels, type Operation } from '../operation.ts';

/** `axis` counts from the front. A constant of one image joins every image of the batch (CoordConv, class tokens). */
export const concat: Operation<Attributes & { readonly axis: number }> = {
  op: 'Concat',

  shapes(node, inputs) {
    const { axis } = node.attributes;
    const first = inputs.find((shape) => shape[0] !== 1) ?? inputs[0] ?? [];
    const fits = (extent: number, i: number) =>
      i === axis || extent === first[i] || (i === 0 && extent === 1);
    for (const shape of inputs) {
      if (shape.length !== first.length || !shape.every(fits)) {
        throw new Error(
          `shapes ${inputs.map((s) => `[${s}]`).join(', ')} cannot be joined along axis ${axis}`,
        );
      }
    }
    const extent = inputs.reduce((sum, shape) => sum + (shape[axis] ?? 0), 0);
    return [first.map((old, i) => (i === axis ? extent : old))];
  },

  couple(node, coupler) {
    const { axis } = node.attributes;
    const out = outputOf(node);
    coupler.shape(out).forEach((_, i) => {
      coupler.label(out, i, i === axis ? joined(node, coupler, axis) : tied(node, coupler, i));
    });
  },
};

/** Labels one after the other. Channels of a constant are free to go with what they are added to later. */
function joined(node: Node, coupler: Coupler, axis: number): Labels | null {
  const computed = node.inputs.map((value) =>
    coupler.isConstant(value) ? null : coupler.labels(value, axis),
  );
  if (computed.every((labels) => labels === null)) return null;
  const parts = node.inputs.map((value, i): Labels => {
    const extent = coupler.shape(value)[axis] ?? 0;
    if (!coupler.isConstant(value)) return computed[i] ?? new Int32Array(extent).fill(FIXED);
    const labels = coupler.fresh(extent);
    coupler.bind(value, axis, labels);
    return labels;
  });
  const all = new Int32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Along every other axis the values have to stay equally long. */
function tied(node: Node, coupler: Coupler, axis: number): Labels | null {
  const [first, ...others] = node.inputs.filter((value) => !coupler.isConstant(value));
  if (first === undefined) return null;
  const labels = coupler.labels(first, axis);
  for (const other of others) {
    coupler.unite(
      labels,
      coupler.labels(other, axis),
      `Concat "${node.name}" joins them, along another axis, with channels that cannot be removed`,
    );
  }
  for (const value of labels ? node.inputs : [])
    if (coupler.isConstant(value)) coupler.bind(value, axis, labels);
  return labels;
}
