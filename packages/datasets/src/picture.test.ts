import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../test/temporary-folder.ts';
import { pngOf, readPicture } from './picture.ts';

const COLOUR = { r: 200, g: 100, b: 50 };

async function picture(width: number, height: number): Promise<string> {
  const file = join(temporaryFolder(), 'p.png');
  await sharp({ create: { width, height, channels: 3, background: COLOUR } }).toFile(file);
  return file;
}

it('a picture is brought to a geometry as an image of a data set is', async () => {
  const geometry = { height: 4, width: 4, channels: 3, letterbox: [1, 2, 3] } as const;
  const pixels = await readPicture(await picture(8, 4), geometry);
  expect(pixels).toHaveLength(48);
  const at = (y: number, x: number) => [...pixels.subarray((y * 4 + x) * 3, (y * 4 + x) * 3 + 3)];
  expect(at(0, 0)).toEqual([1, 2, 3]);
  expect(at(1, 0)).toEqual([200, 100, 50]);
  expect(at(3, 3)).toEqual([1, 2, 3]);
});

it('what is no picture is refused by its name, and so is an impossible geometry', async () => {
  const file = join(temporaryFolder(), 'broken.png');
  await writeFile(file, 'no picture');
  const geometry = { height: 4, width: 4, channels: 3 } as const;
  await expect(readPicture(file, geometry)).rejects.toThrow(/broken\.png cannot be read as an image/);
  const wrong = { ...geometry, resize: 2 };
  await expect(readPicture(await picture(8, 4), wrong)).rejects.toThrow(/resize of at least 4/);
});

it('a PNG has the pixels, or fewer of them', async () => {
  const pixels = Uint8Array.from({ length: 8 * 4 }, (_, i) => i);
  const shape = { width: 8, height: 4, channels: 1 } as const;
  const whole = sharp(await pngOf(pixels, shape));
  expect(await whole.metadata()).toMatchObject({ width: 8, height: 4, channels: 1 });
  expect([...(await whole.extractChannel(0).raw().toBuffer())]).toEqual([...pixels]);
  expect(await sharp(await pngOf(pixels, shape, 4)).metadata()).toMatchObject({ width: 4, height: 2 });
});
