import type { SliceAttributes } from '@espalier/network';
import { pad, reshape, slice } from '../graph/arithmetic.ts';
import type { GraphBuilder, Value } from '../graph/builder.ts';
import { plain } from '../graph/layout.ts';
import { type Differentiation, first } from './differentiation.ts';

/** Zeros where nothing was taken. */
export const slicing: Differentiation<SliceAttributes> = {
  op: 'Slice',
  forward(node, [given], { g }) {
    if (!given) throw new Error('Slice has an input');
    const x = plain(g, given);
    const { axes, starts, ends, steps } = node.attributes;
    return {
      outputs: [slice(g, x, axes, starts, ends, steps)],
      backward(gradients) {
        let dx = plain(g, first(gradients));
        axes.forEach((axis, i) => {
          dx = spread(g, dx, axis, steps[i] ?? 1);
          const [start, extent] = [starts[i] ?? 0, x.dims[axis] ?? 1];
          const before = x.dims.map((_, other) => (other === axis ? start : 0));
          const behind = x.dims.map((_, other) =>
            other === axis ? extent - start - (dx.dims[axis] ?? 1) : 0,
          );
          dx = pad(g, dx, before, behind);
        });
        return [dx];
      },
    };
  },
};

/** `step` - 1 zeros behind every entry of an axis. */
function spread(g: GraphBuilder, x: Value, axis: number, step: number): Value {
  if (step === 1) return x;
  const split = reshape(g, x, [...x.dims.slice(0, axis + 1), 1, ...x.dims.slice(axis + 1)]);
  const behind = split.dims.map((_, i) => (i === axis + 1 ? step - 1 : 0));
  const padded = pad(
    g,
    split,
    split.dims.map(() => 0),
    behind,
  );
  return reshape(
    g,
    padded,
    x.dims.map((extent, i) => (i === axis ? extent * step : extent)),
  );
}
