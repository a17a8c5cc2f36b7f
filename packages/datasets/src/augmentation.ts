import type { Geometry } from './dataset.ts';
import { below } from './random.ts';

export interface Augmentation {
  /** Pixels of black padding on every side, out of which the image's size is cropped at random; 0 for none. */
  readonly crop: number;
  /** Mirrors every second image, at random, left to right. */
  readonly flip: boolean;
}

/**
 * Random crops and flips, the usual ones for small images (He et al., "Deep residual learning", 2015,
 * section 4.2). What is drawn for an image does not depend on the images.
 *
 * @param pixels [n, height, width, channels], 0..255
 * @param next draws unsigned 32-bit integers
 * @returns a new array of the same shape
 */
export function augment(
  pixels: Uint8Array,
  { height, width, channels }: Geometry,
  { crop, flip }: Augmentation,
  next: () => number,
): Uint8Array {
  const image = height * width * channels;
  const result = new Uint8Array(pixels.length);
  for (let at = 0; at < pixels.length; at += image) {
    const [down, right] = [below(2 * crop + 1, next) - crop, below(2 * crop + 1, next) - crop];
    const mirrored = flip && below(2, next) === 1;
    for (let row = Math.max(0, -down); row < Math.min(height, height - down); row++) {
      const source = at + (row + down) * width * channels;
      const target = at + row * width * channels;
      copyRow(pixels, source, result, target, { width, channels, right, mirrored });
    }
  }
  return result;
}

interface RowCopy {
  readonly width: number;
  readonly channels: number;
  /** How far to the right of a result's pixel its source lies. */
  readonly right: number;
  readonly mirrored: boolean;
}

function copyRow(
  from: Uint8Array,
  source: number,
  to: Uint8Array,
  target: number,
  { width, channels, right, mirrored }: RowCopy,
): void {
  const [first, last] = [Math.max(0, -right), Math.min(width, width - right)];
  if (!mirrored) {
    to.set(
      from.subarray(source + (first + right) * channels, source + (last + right) * channels),
      target + first * channels,
    );
    return;
  }
  for (let column = first; column < last; column++) {
    const [read, write] = [source + (column + right) * channels, target + (width - 1 - column) * channels];
    for (let channel = 0; channel < channels; channel++) to[write + channel] = from[read + channel] as number;
  }
}
