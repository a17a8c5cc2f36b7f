import type { PadAttributes } from '@espalier/network';
import type { Tensor } from '@tensorflow/tfjs';
import { anyLayout } from '../emission.ts';
import { axesIn, type Tf } from '../value.ts';

export const pad = anyLayout<PadAttributes>('Pad', (given, { attributes }, tf, layout) => {
  const { pads, mode, value } = attributes;
  const rank = pads.length / 2;
  const before = axesIn(layout, pads.slice(0, rank));
  const behind = axesIn(layout, pads.slice(rank));
  const x = cropped(tf, given, before, behind);
  const positive = before.map((count, axis): [number, number] => [
    Math.max(0, count),
    Math.max(0, behind[axis] ?? 0),
  ]);
  return mode === 'constant' ? tf.pad(x, positive, value) : repeated(tf, x, positive, mode);
});

/** Negative pads take away, before anything is added. */
function cropped(tf: Tf, x: Tensor, before: readonly number[], behind: readonly number[]): Tensor {
  const begin = before.map((count) => Math.max(0, -count));
  const size = x.shape.map((extent, axis) => extent - (begin[axis] ?? 0) - Math.max(0, -(behind[axis] ?? 0)));
  return tf.slice(x, begin, size);
}

/** Axis by axis, each entry of the result is an entry of the input. */
function repeated(tf: Tf, x: Tensor, pads: readonly [number, number][], mode: 'reflect' | 'edge'): Tensor {
  return pads.reduce((tensor: Tensor, [before, behind], axis) => {
    if (before === 0 && behind === 0) return tensor;
    const last = (tensor.shape[axis] ?? 1) - 1;
    const source = mode === 'edge' ? clamped : reflected;
    const indices = Array.from({ length: before + last + 1 + behind }, (_, i) => source(i - before, last));
    return tf.gather(tensor, tf.tensor1d(indices, 'int32'), axis);
  }, x);
}

function clamped(index: number, last: number): number {
  return Math.min(Math.max(index, 0), last);
}

/** The edge itself is not repeated: 2 1 [0 1 2 3] 2 1. */
function reflected(index: number, last: number): number {
  const period = Math.max(1, 2 * last);
  const inside = ((index % period) + period) % period;
  return inside <= last ? inside : period - inside;
}
