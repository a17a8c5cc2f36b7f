import type { PoolAttributes } from './ops/pool.ts';
import type { Shape } from './tensor.ts';

/**
 * Pixels after an image, along height and width, that this many windows reach over: ceil_mode needs more than declared.
 */
export function reachedBehind(
  { kernel_shape, strides, pads, dilations }: PoolAttributes,
  [, , ...extents]: Shape,
  [, , ...out]: Shape,
): number[] {
  return extents.map((extent, i) => {
    const reach = ((kernel_shape[i] ?? 1) - 1) * (dilations?.[i] ?? 1) + 1;
    return ((out[i] ?? 1) - 1) * (strides[i] ?? 1) + reach - extent - (pads[i] ?? 0);
  });
}

/**
 * How many pixels each window averages over, row by row: those inside of the image, or with count_include_pad inside
 * of the declared padding; what ceil_mode added after it never counts.
 */
export function countedPixels(
  { kernel_shape, strides, pads, count_include_pad = 0 }: PoolAttributes,
  [, , ...extents]: Shape,
  [, , ...out]: Shape,
): number[] {
  const [rows = [], columns = []] = out.map((count, i) => {
    const [before, behind] = [pads[i] ?? 0, pads[i + 2] ?? 0];
    const extent = extents[i] ?? 1;
    const [low, high] = count_include_pad ? [-before, extent + behind] : [0, extent];
    return Array.from({ length: count }, (_, window) => {
      const start = window * (strides[i] ?? 1) - before;
      return Math.min(start + (kernel_shape[i] ?? 1), high) - Math.max(start, low);
    });
  });
  return rows.flatMap((row) => columns.map((column) => row * column));
}
