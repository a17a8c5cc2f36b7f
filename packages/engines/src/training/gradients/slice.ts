import type { SliceAttributes } from '@espalier/network';
import { padAxis, reshape, slice } from '../graph/arithmetic.ts';
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
        return padAxis(g, dx, axis, start, extent - start - (dx.dims[axis] ?? 1));
      }, dy),
  };
});

/** `step` - 1 zeros after every entry of an axis. */
function spread(g: GraphBuilder, x: Value, axis: number, step: number): Value {
  if (step === 1) return x;
  const split = reshape(g, x, x.dims.toSpliced(axis + 1, 0, 1));
  const padded = padAxis(g, split, axis + 1, 0, step - 1);
  return reshape(g, padded, x.dims.with(axis, (x.dims[axis] ?? 1) * step));
}
