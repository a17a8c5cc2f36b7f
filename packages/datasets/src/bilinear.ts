export interface Size {
  readonly height: number;
  readonly width: number;
}

/** A part of a scaled image. */
export interface Window extends Size {
  readonly top: number;
  readonly left: number;
}

/** Along one axis, output k is a weighted mean of `taps` neighbours, beginning with input `first[k]`. */
interface Filter {
  readonly first: Int32Array;
  readonly taps: number;
  /** [outputs, taps], each row adds up to 1. */
  readonly weights: Float32Array;
}

/**
 * Scales an image and cuts `window` out of the result. Bilinear, with pixel centres on pixel centres; where
 * the image shrinks, the triangle covers the whole footprint of the new pixel; beyond the border there is
 * nothing. That is what Pillow computes, and so what torchvision trains and scores networks with. libvips,
 * which decodes for us, repeats the border and places enlarged images half a pixel off: seven times larger,
 * that would move a CIFAR-10 image by three pixels.
 *
 * @param pixels [from.height, from.width, channels], 0..255
 * @param scaled the size of the whole image after scaling
 * @returns [window.height, window.width, channels]
 */
export function scaleBilinear(
  pixels: Uint8Array,
  from: Size,
  channels: number,
  scaled: Size,
  window: Window,
): Uint8Array {
  const columns = triangleFilter(from.width, scaled.width, window.left, window.width);
  const rows = triangleFilter(from.height, scaled.height, window.top, window.height);
  const narrow = filterColumns(pixels, from, channels, columns);
  return filterRows(narrow, window, channels, rows);
}

/** [from.height, from.width, channels] becomes [from.height, outputs, channels]. */
function filterColumns(pixels: Uint8Array, from: Size, channels: number, filter: Filter): Uint8Array {
  const { first, taps, weights } = filter;
  const result = new Uint8Array(from.height * first.length * channels);
  let at = 0;
  for (let row = 0; row < from.height; row++) {
    for (let column = 0; column < first.length; column++) {
      const start = (row * from.width + (first[column] as number)) * channels;
      for (let channel = 0; channel < channels; channel++) {
        let sum = 0.5;
        for (let tap = 0; tap < taps; tap++) {
          sum +=
            (weights[column * taps + tap] as number) * (pixels[start + tap * channels + channel] as number);
        }
        result[at++] = sum;
      }
    }
  }
  return result;
}

/** [inputs, size.width, channels] becomes [size.height, size.width, channels]. */
function filterRows(pixels: Uint8Array, size: Size, channels: number, filter: Filter): Uint8Array {
  const { first, taps, weights } = filter;
  const length = size.width * channels;
  const result = new Uint8Array(size.height * length);
  for (let row = 0; row < size.height; row++) {
    const start = (first[row] as number) * length;
    for (let i = 0; i < length; i++) {
      let sum = 0.5;
      for (let tap = 0; tap < taps; tap++) {
        sum += (weights[row * taps + tap] as number) * (pixels[start + tap * length + i] as number);
      }
      result[row * length + i] = sum;
    }
  }
  return result;
}

/** The weights of outputs `offset` to `offset + count - 1`, when `from` pixels are scaled to `to`. */
function triangleFilter(from: number, to: number, offset: number, count: number): Filter {
  const scale = from / to;
  const reach = Math.max(scale, 1);
  // So many pixel centres fit under a triangle at most.
  const taps = Math.min(from, Math.ceil(2 * reach));
  const first = new Int32Array(count);
  const weights = new Float32Array(count * taps);
  for (let k = 0; k < count; k++) {
    const centre = (offset + k + 0.5) * scale;
    // The last taps of an output at the border would be outside: begin earlier, with weights of zero.
    const start = Math.min(Math.max(Math.floor(centre - reach + 0.5), 0), from - taps);
    const triangle = Array.from({ length: taps }, (_, tap) =>
      Math.max(0, 1 - Math.abs(start + tap + 0.5 - centre) / reach),
    );
    const total = triangle.reduce((sum, weight) => sum + weight, 0);
    first[k] = start;
    weights.set(
      triangle.map((weight) => weight / total),
      k * taps,
    );
  }
  return { first, taps, weights };
}
