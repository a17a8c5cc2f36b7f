import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { PILLOW_IMAGES } from '../test/pillow-images.ts';
import { decodeImage } from './decode.ts';

const SIZE = { height: 1, width: 2 };

describe('decodeImage', () => {
  it.each(PILLOW_IMAGES)("gives Pillow's pixels: $what", async ({ file, rgb, ...size }) => {
    const pixels = await decodeImage(Buffer.from(file, 'base64'), size);
    expect(Buffer.from(pixels).toString('hex')).toBe(rgb);
  });

  it('reads AVIF', async () => {
    const raw = Uint8Array.of(200, 100, 50, 200, 100, 50);
    const avif = await sharp(raw, { raw: { ...SIZE, channels: 3 } })
      .avif({ lossless: true })
      .toBuffer();
    expect([...(await decodeImage(avif, SIZE))]).toEqual([...raw]);
  });

  it('keeps the stored pixels, whatever way the camera was held', async () => {
    const raw = Uint8Array.of(255, 0, 0, 0, 0, 255);
    const image = sharp(raw, { raw: { ...SIZE, channels: 3 } }).withMetadata({ orientation: 6 });
    const png = await image.png().toBuffer();
    expect((await sharp(png).metadata()).orientation).toBe(6);
    expect([...(await decodeImage(png, SIZE))]).toEqual([...raw]);
  });

  it('fails on an image that is cut off', async () => {
    const noise = Uint8Array.from({ length: 3 * 64 * 64 }, (_, i) => (i * i) % 251);
    const whole = await sharp(noise, { raw: { width: 64, height: 64, channels: 3 } })
      .png()
      .toBuffer();
    const cut = whole.subarray(0, whole.length / 2);
    await expect(decodeImage(cut, { height: 64, width: 64 })).rejects.toThrow();
  });
});
