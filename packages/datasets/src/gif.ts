import type { Size } from './bilinear.ts';
import { imageLibrary } from './image-library.ts';

/**
 * Puts back what the decoder leaves out of a GIF's first frame: under transparency is the colour that the palette
 * has there, and around a frame that is smaller than the image the transparent colour, or else the first one.
 * So does Pillow, which drops transparency when it converts to RGB.
 *
 * @param rgb [height, width, 3], is written to
 */
export async function restoreGif(rgb: Uint8Array, bytes: Uint8Array, { height, width }: Size): Promise<void> {
  const frame = firstFrame(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
  if (!frame) return;
  const sharp = await imageLibrary();
  const alpha = await sharp(bytes).ensureAlpha().extractChannel(3).raw().toBuffer();
  const { left, right, top, bottom, colour } = frame;
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const inside = x >= left && x < right && y >= top && y < bottom;
      if (!inside || alpha[i] === 0) rgb.set(colour, 3 * i);
    }
  }
}

/** GIF89a, sections 17 to 26: a palette's size is in the lowest three bits of its flags, whether there is one in the highest. */
function firstFrame(gif: Buffer) {
  const paletteBytes = (flags: number) => (flags & 0x80 ? 3 << ((flags & 7) + 1) : 0);
  let transparent = 0;
  let at = 13 + paletteBytes(gif[10] ?? 0);
  for (; gif[at] === 0x21; at++) {
    if (gif[at + 1] === 0xf9 && (gif[at + 3] ?? 0) & 1) transparent = gif[at + 6] ?? 0;
    at += 2;
    for (let length = gif[at] ?? 0; length > 0; length = gif[at] ?? 0) at += 1 + length;
  }
  if (gif[at] !== 0x2c || at + 10 > gif.length) return null;
  const left = gif.readUInt16LE(at + 1);
  const top = gif.readUInt16LE(at + 3);
  const own = paletteBytes(gif[at + 9] ?? 0);
  const palette = own > 0 ? gif.subarray(at + 10, at + 10 + own) : gif.subarray(13);
  const colour = palette.subarray(3 * transparent, 3 * transparent + 3);
  return {
    left,
    right: left + gif.readUInt16LE(at + 5),
    top,
    bottom: top + gif.readUInt16LE(at + 7),
    colour,
  };
}
