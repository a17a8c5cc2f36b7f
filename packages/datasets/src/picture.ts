import { readFile } from 'node:fs/promises';
import type { Geometry, ImageShape } from './dataset.ts';
import { decodeImage } from './decode.ts';
import { unreadable } from './folder/file-index.ts';
import { imageLibrary } from './image-library.ts';
import { measureImage } from './measure-image.ts';
import { checkGeometry, resample } from './resample.ts';

/**
 * One image file by itself, brought to a geometry.
 *
 * @returns [height, width, channels] of the geometry, 0..255, red first
 * @throws {InputError} naming the file where it is no image, and for an impossible geometry
 */
export async function readPicture(file: string, geometry: Geometry): Promise<Uint8Array> {
  checkGeometry(geometry);
  try {
    const bytes = await readFile(file);
    const size = await measureImage(bytes);
    return resample(await decodeImage(bytes, size), { ...size, channels: 3 }, geometry);
  } catch (error) {
    throw unreadable(file, error);
  }
}

/**
 * A PNG of pixels [height, width, channels].
 *
 * @param mostSide the longer side is scaled down to so many pixels, without mixing any. Default: as it is
 */
export async function pngOf(
  pixels: Uint8Array,
  { width, height, channels }: ImageShape,
  mostSide = Math.max(width, height),
): Promise<Buffer> {
  const sharp = await imageLibrary();
  const whole = sharp(pixels, { raw: { width, height, channels } });
  const image =
    mostSide < Math.max(width, height)
      ? whole.resize(mostSide, mostSide, { fit: 'inside', kernel: 'nearest' })
      : whole;
  return (channels === 1 ? image.toColourspace('b-w') : image).png().toBuffer();
}
