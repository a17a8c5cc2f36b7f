import sharp from 'sharp';

/** A picture as its pixels, row by row, a byte for each channel. */
export async function decodedPng(bytes: Uint8Array) {
  const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, pixels: new Uint8Array(data) };
}
