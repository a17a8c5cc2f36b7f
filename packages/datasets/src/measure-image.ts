import type { Size } from './bilinear.ts';
import { imageLibrary } from './image-library.ts';

/** A file of a kilobyte may say that it has any number; decoding takes up to 15 bytes for each. */
const MOST_PIXELS = 8192 * 8192;

/**
 * How large an image file is, without decoding it, and whether it is grey.
 *
 * @throws what the decoder says, for the caller to add which file it was
 */
export async function measureImage(bytes: Uint8Array): Promise<Size & { readonly gray: boolean }> {
  const sharp = await imageLibrary();
  const { width, height, channels } = await sharp(bytes, { limitInputPixels: false }).metadata();
  if (width * height > MOST_PIXELS) {
    throw new Error(`it has ${width} x ${height} pixels, more than 8192 x 8192: scale it down`);
  }
  return { width, height, gray: channels <= 2 };
}
