import { type Attributes, outputOf } from '../network.ts';
import { FIXED, type Labels, type Operation } from '../operation.ts';

/** `axis` counts from the front. */
export const concat: Operation<Attributes & { readonly axis: number }> = {
  op: 'Concat',

  shapes(node, inputs) {
    const { axis } = node.attributes;
    const first = inputs[0] ?? [];
    for (const shape of inputs) {
      if (shape.length !== first.length || shape.some((extent, i) => i !== axis && extent !== first[i])) {
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
    const parts = node.inputs.map((value): Labels => {
      const extent = coupler.shape(value)[axis] ?? 0;
      if (!coupler.isConstant(value))
        return coupler.labels(value, axis) ?? new Int32Array(extent).fill(FIXED);
      const labels = coupler.fresh(extent);
      coupler.bind(value, axis, labels);
      return labels;
    });
    const computed = node.inputs.filter((value) => !coupler.isConstant(value));
    coupler.shape(out).forEach((_, i) => {
      if (i === axis) {
        coupler.label(out, axis, Int32Array.from(parts.flatMap((part) => [...part])));
        return;
      }
      const [first = '', ...others] = computed;
      const labels = coupler.labels(first, i);
      for (const other of others) {
        coupler.unite(
          labels,
          coupler.labels(other, i),
          `Concat "${node.name}" joins them with fixed channels`,
        );
      }
      if (computed.length < node.inputs.length)
        coupler.pin(labels, `Concat "${node.name}" joins them with constants`);
      coupler.label(out, i, labels);
    });
  },
};
