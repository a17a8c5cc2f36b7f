import type { SliceAttributes } from '@espalier/network';
import { pad, reshape, slice } from '../graph/arithmetic.ts';
import type { GraphBuilder, Value } from '../graph/builder.ts';
import { ofOneOperand } from './differentiation.ts';

/** Zeros where nothing was taken. */
export const slicing = ofOneOperand<SliceAttributes>('Slice', (g, x, { attributes }) => {
  const { axes, starts, ends, steps } = attributes;
  return {
    y: slice(g, x, axes, starts, ends, steps),
    dx: (dy) =>
      axes.reduce((taken, axis, i) => {
        const dx = spread(g, taken, axis, steps[i] ?? 1);
        const [start, extent] = [starts[i] ?? 0, x.dims[axis] ?? 1];
        const behind = extent - start - (dx.dims[axis] ?? 1);
        const along = (count: number) => x.dims.map((_, other) => (other === axis ? count : 0));
        return pad(g, dx, along(start), along(behind));
      }, dy),
  };
});

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
