import type { Metadata } from 'sharp';
import type { Size } from './bilinear.ts';
import { restoreGif } from './gif.ts';
import { imageLibrary } from './image-library.ts';

/**
 * An image file as pixels [height, width, 3], 0..255, as `Image.open(file).convert('RGB')` of Pillow gives them, and
 * so torchvision's default loader. The stored pixels count: colour profiles and the camera's orientation are
 * ignored, transparency is dropped and what is under it shows, CMYK is converted by its formula, grey of 16 bits
 * is cut off at 255, colour of 16 bits loses its lower byte.
 *
 * @param from the image's own size
 * @throws whatever the decoder says, for the caller to add which file it was.
 */
export async function decodeImage(bytes: Uint8Array, from: Size): Promise<Uint8Array> {
  const sharp = await imageLibrary();
  const image = sharp(bytes, { failOn: 'error', ignoreIcc: true });
  const about = await image.metadata();
  const as = storedAs(about, bytes);
  const brought =
    as === 'srgb' ? image.removeAlpha().toColourspace(as) : image.pipelineColourspace(as).toColourspace(as);
  const raw = brought.raw({ depth: as === 'grey16' ? 'ushort' : 'uchar' });
  const { data, info } = await raw.toBuffer({ resolveWithObject: true });
  if (
    info.channels < { srgb: 3, cmyk: 4, grey16: 1 }[as] ||
    info.width !== from.width ||
    info.height !== from.height
  ) {
    throw new Error(`${info.width}x${info.height} pixels with ${info.channels} channels came out of it`);
  }
  if (as === 'cmyk') return fromCmyk(data, info.channels);
  if (as === 'grey16') return fromDeepGrey(data, info.channels);
  if (about.format === 'gif') await restoreGif(data, bytes, from);
  return data;
}

/** What the decoder is asked for, so that conversions that Pillow does otherwise are ours. */
function storedAs({ space, format, channels }: Metadata, bytes: Uint8Array): 'srgb' | 'cmyk' | 'grey16' {
  if (space === 'cmyk') return 'cmyk';
  // Pillow reads grey with alpha of 16 bits as two bytes; the type of a PNG's pixels is its byte 25, 0 is grey.
  const grey = channels === 1 || (format === 'png' && bytes[25] === 0);
  return space === 'grey16' && grey ? 'grey16' : 'srgb';
}

/** `cmyk2rgb` of Pillow's Convert.c, with its MULDIV255; four channels in a JPEG are inverted when they come here. */
function fromCmyk(pixels: Uint8Array, channels: number): Uint8Array {
  const rgb = new Uint8Array((pixels.length / channels) * 3);
  for (let i = 0, at = 0; i < pixels.length; i += channels) {
    const light = 255 - (pixels[i + 3] as number);
    for (let ink = 0; ink < 3; ink++) {
      const product = (pixels[i + ink] as number) * light + 128;
      rgb[at++] = light - (((product >> 8) + product) >> 8);
    }
  }
  return rgb;
}

/** `I;16` becomes `L` by cutting off, in Pillow's Convert.c. */
function fromDeepGrey(data: Buffer, channels: number): Uint8Array {
  const n = data.length / 2 / channels;
  const rgb = new Uint8Array(3 * n);
  for (let i = 0; i < n; i++) {
    rgb.fill(Math.min(255, data.readUInt16LE(2 * channels * i)), 3 * i, 3 * i + 3);
  }
  return rgb;
}
