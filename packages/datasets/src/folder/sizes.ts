import type { Geometry, ImageSizes } from '../dataset.ts';
import type { FileFacts } from './file-index.ts';

/** @param images at least one */
export function sizesOf(images: readonly FileFacts[]): ImageSizes {
  const byPixels = [...images].sort((a, b) => a.width * a.height - b.width * b.height);
  const sides = images.map(({ width, height }) => Math.min(width, height)).sort((a, b) => a - b);
  const size = (at: number) => {
    const { width = 0, height = 0 } = byPixels.at(at) ?? {};
    return { width, height };
  };
  return {
    smallest: size(0),
    largest: size(-1),
    shorterSide: sides[sides.length >> 1] ?? 0,
    gray: images.every(({ gray }) => gray),
  };
}

/** Those that networks for images usually take, in pixels. */
const USUAL = [32, 48, 64, 96, 128, 160, 192, 224];
/** What 224 pixels are usually cut out of. */
const WHOLE = { side: 224, resize: 256 };

/**
 * A size for images that differ: the largest usual square that most of them fill without being enlarged, cut out of the
 * centre.
 */
export function usualSize({ shorterSide }: ImageSizes): Omit<Geometry, 'channels'> {
  const side = USUAL.findLast((usual) => usual <= shorterSide) ?? Math.min(...USUAL);
  const resize = side === WHOLE.side && shorterSide >= WHOLE.resize ? WHOLE.resize : side;
  return { height: side, width: side, resize };
}
