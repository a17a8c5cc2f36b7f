import { InputError } from '@espalier/errors';
import { type Size, scaleBilinear, type Window } from './bilinear.ts';
import type { Geometry, ImageShape } from './dataset.ts';

/**
 * Raised when the same image would become other pixels, decoded or scaled: caches are then made again, and what was
 * computed before is not taken for the new. Part of every key beside a data set's hash.
 */
export const DECODING_VERSION = 2;

/** What is done to an image of a given size: scale to `scaled`, cut out `window`, lay it on the input at `place`. */
interface Plan {
  readonly scaled: Size;
  readonly window: Window;
  readonly place: Place;
}

/** Where something begins on the network's input, in pixels. */
interface Place {
  readonly top: number;
  readonly left: number;
}

/** @throws {InputError} if no image can be brought to this geometry. */
export function checkGeometry({ height, width, channels, resize, letterbox }: Geometry): void {
  const sides = resize === undefined ? [height, width] : [height, width, resize];
  if (!sides.every((side) => Number.isInteger(side) && side > 0)) {
    throw new InputError(`an image size is a positive whole number of pixels, not ${sides.join(', ')}`);
  }
  if (channels !== 1 && channels !== 3) throw new InputError(`images have 1 or 3 channels, not ${channels}`);
  if (letterbox?.length !== undefined && letterbox.length !== channels) {
    throw new InputError(
      `a letterbox has ${channels} value(s), one per channel, not ${letterbox.length}`,
      'preprocessing',
    );
  }
  if (letterbox && resize !== undefined) throw new InputError(LETTERBOX_OR_RESIZE, 'preprocessing');
  if (resize !== undefined && resize < Math.max(height, width)) {
    throw new InputError(
      `${height}x${width} cannot be cropped from an image whose shorter side is resized to ${resize}: give a resize of at least ${Math.max(height, width)}, or none to scale images to ${height}x${width}`,
    );
  }
}

const LETTERBOX_OR_RESIZE = 'a letterbox keeps the whole image, and resize crops it: give only one of them';

/**
 * Where the pixels of an image come to lie on a network's input, so that what the network says of places there can be
 * told of the image: its pixel (y, x) is at (y * vertical + top, x * horizontal + left).
 */
export function placementOf(
  from: Size,
  geometry: Geometry,
): Place & {
  readonly vertical: number;
  readonly horizontal: number;
} {
  const { scaled, window, place } = planFor(from, geometry);
  return {
    top: place.top - window.top,
    left: place.left - window.left,
    vertical: scaled.height / from.height,
    horizontal: scaled.width / from.width,
  };
}

const CORNER: Place = { top: 0, left: 0 };

/** As detectors do it: sides to the nearest pixel, an odd one more of the colour behind the image than in front of it. */
function letterboxed(from: Size, { height, width }: Size): Plan {
  const scale = Math.min(height / from.height, width / from.width);
  const side = (length: number) => Math.max(1, halfToEven(length * scale));
  const scaled = { height: side(from.height), width: side(from.width) };
  const place = {
    top: Math.floor((height - scaled.height) / 2),
    left: Math.floor((width - scaled.width) / 2),
  };
  return { scaled, window: { ...CORNER, ...scaled }, place };
}

/** The longer side is rounded down and the cut to the nearest pixel, as torchvision's Resize and CenterCrop do. */
function planFor(from: Size, { height, width, resize, letterbox }: Geometry): Plan {
  if (letterbox) return letterboxed(from, { height, width });
  if (resize === undefined) {
    return { scaled: { height, width }, window: { ...CORNER, height, width }, place: CORNER };
  }
  const shorter = Math.min(from.height, from.width);
  const side = (length: number) => Math.floor((resize * length) / shorter);
  const scaled = { height: side(from.height), width: side(from.width) };
  const top = halfToEven((scaled.height - height) / 2);
  const left = halfToEven((scaled.width - width) / 2);
  return { scaled, window: { top, left, height, width }, place: CORNER };
}

function halfToEven(x: number): number {
  const down = Math.floor(x);
  return x - down === 0.5 ? down + (down % 2) : Math.round(x);
}

/** Pixels [shape.height, shape.width, shape.channels] brought to a geometry. */
export function resample(pixels: Uint8Array, shape: ImageShape, geometry: Geometry): Uint8Array {
  const { scaled, window, place } = planFor(shape, geometry);
  const fits = isSame(scaled, shape) && isSame(window, shape);
  const brought = fits ? pixels : scaleBilinear(pixels, shape, shape.channels, scaled, window);
  return laidOn(geometry, toChannels(brought, shape.channels, geometry.channels), { ...window, ...place });
}

/** [height, width, channels] of the geometry: the pixels at their window, the letterbox's colour around them. */
function laidOn(geometry: Geometry, pixels: Uint8Array, { top, left, height, width }: Window): Uint8Array {
  const { channels, letterbox } = geometry;
  if (!letterbox || isSame({ height, width }, geometry)) return pixels;
  const canvas = new Uint8Array(geometry.height * geometry.width * channels);
  for (let i = 0; i < canvas.length; i++) canvas[i] = letterbox[i % channels] ?? 0;
  const row = width * channels;
  for (let y = 0; y < height; y++) {
    canvas.set(pixels.subarray(y * row, (y + 1) * row), ((top + y) * geometry.width + left) * channels);
  }
  return canvas;
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
  return isSame(scaled, shape) && isSame(geometry, shape);
}

function isSame(one: Size, other: Size): boolean {
  return one.height === other.height && one.width === other.width;
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
