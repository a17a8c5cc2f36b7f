import { InputError } from '@espalier/errors';
import { type Size, scaleBilinear, type Window } from './bilinear.ts';
import type { Geometry, ImageShape } from './dataset.ts';

/**
 * Raised when the same image would become other pixels, decoded or scaled: caches are then made anew, and what was
 * computed before is not taken for the new. Part of every key beside a data set's hash.
 */
export const DECODING_VERSION = 2;

/** What is done to an image of a given size: scale to `scaled`, then cut out `window`. */
interface Plan {
  readonly scaled: Size;
  readonly window: Window;
}

/** @throws {InputError} if no image can be brought to this geometry. */
export function checkGeometry({ height, width, channels, resize }: Geometry): void {
  const sides = resize === undefined ? [height, width] : [height, width, resize];
  if (!sides.every((side) => Number.isInteger(side) && side > 0)) {
    throw new InputError(`an image size is a positive whole number of pixels, not ${sides.join(', ')}`);
  }
  if (channels !== 1 && channels !== 3) throw new InputError(`images have 1 or 3 channels, not ${channels}`);
  if (resize !== undefined && resize < Math.max(height, width)) {
    throw new InputError(
      `${height}x${width} cannot be cut out of an image whose shorter side is resized to ${resize}: give a resize of at least ${Math.max(height, width)}, or none to scale images to ${height}x${width}`,
    );
  }
}

/** The longer side is rounded down and the cut to the nearest pixel, as torchvision's Resize and CenterCrop do. */
function planFor(from: Size, { height, width, resize }: Geometry): Plan {
  if (resize === undefined) return { scaled: { height, width }, window: { top: 0, left: 0, height, width } };
  const shorter = Math.min(from.height, from.width);
  const side = (length: number) => Math.floor((resize * length) / shorter);
  const scaled = { height: side(from.height), width: side(from.width) };
  const top = halfToEven((scaled.height - height) / 2);
  const left = halfToEven((scaled.width - width) / 2);
  return { scaled, window: { top, left, height, width } };
}

function halfToEven(x: number): number {
  const down = Math.floor(x);
  return x - down === 0.5 ? down + (down % 2) : Math.round(x);
}

/** Pixels [shape.height, shape.width, shape.channels] brought to a geometry. */
export function resample(pixels: Uint8Array, shape: ImageShape, geometry: Geometry): Uint8Array {
  const { scaled, window } = planFor(shape, geometry);
  const fits = isNative(shape, geometry);
  const brought = fits ? pixels : scaleBilinear(pixels, shape, shape.channels, scaled, window);
  return toChannels(brought, shape.channels, geometry.channels);
}

/** [n, shape.height, shape.width, shape.channels] brought to a geometry. */
export function resampleImages(
  pixels: Uint8Array,
  n: number,
  shape: ImageShape,
  geometry: Geometry,
): Uint8Array {
  if (isNative(shape, geometry)) return toChannels(pixels, shape.channels, geometry.channels);
  const from = shape.height * shape.width * shape.channels;
  const to = geometry.height * geometry.width * geometry.channels;
  const result = new Uint8Array(n * to);
  for (let i = 0; i < n; i++) {
    result.set(resample(pixels.subarray(i * from, (i + 1) * from), shape, geometry), i * to);
  }
  return result;
}

/** Whether images of this shape need neither scaling nor cutting. */
function isNative(shape: Size, geometry: Geometry): boolean {
  const { scaled } = planFor(shape, geometry);
  return [scaled, geometry].every(({ height, width }) => height === shape.height && width === shape.width);
}

/** [..., from] to [..., to]. Grey is repeated; colour becomes luma by ITU-R 601-2, in 16-bit fixed point. */
function toChannels(pixels: Uint8Array, from: 1 | 3, to: 1 | 3): Uint8Array {
  if (from === to) return pixels;
  const count = pixels.length / from;
  const result = new Uint8Array(count * to);
  const at = (index: number) => pixels[index] ?? 0;
  for (let i = 0; i < count; i++) {
    if (to === 3) result.fill(at(i), 3 * i, 3 * i + 3);
    else result[i] = (at(3 * i) * 19595 + at(3 * i + 1) * 38470 + at(3 * i + 2) * 7471 + 0x8000) >> 16;
  }
  return result;
}
