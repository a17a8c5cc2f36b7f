import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../test/temporary-folder.ts';
import { contactSheet } from './contact-sheet.ts';
import type { Dataset } from './dataset.ts';
import { openDataset } from './open.ts';

/** Images of class c are of the colour (100 + c, i, 200): which image is which can be told. */
async function painted(classes: number, each: number, size: { width: number; height: number }) {
  const folder = temporaryFolder();
  for (let c = 0; c < classes; c++) {
    for (const part of ['train', 'search', 'test']) {
      const names = part === 'train' ? Array.from({ length: c === 0 ? 3 : each }, (_, i) => i) : [0];
      mkdirSync(join(folder, 'data', part, `c${c}`), { recursive: true });
      for (const i of names) {
        const background = { r: 100 + c, g: i, b: part === 'train' ? 200 : 0 };
        const image = sharp({ create: { ...size, channels: 3, background } });
        await image.toFile(join(folder, 'data', part, `c${c}`, `${i}.png`));
      }
    }
  }
  const dataset = await openDataset(join(folder, 'data'), { home: join(folder, 'home') });
  onTestFinished(() => dataset.close());
  return dataset;
}

async function pixelsOf(dataset: Dataset) {
  const sheet = await contactSheet(dataset);
  const { data, info } = await sharp(sheet.png).raw().toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number) => [
    ...data.subarray((y * info.width + x) * info.channels).subarray(0, 3),
  ];
  return { sheet, info, at };
}

it('shows ten training images of each class, a class a row', async () => {
  const dataset = await painted(3, 14, { width: 8, height: 6 });
  const { sheet, info, at } = await pixelsOf(dataset);
  expect(sheet).toMatchObject({ columns: 10, tileWidth: 8, tileHeight: 6 });
  expect(sheet.rows).toEqual([
    { class: 0, images: 3 },
    { class: 1, images: 10 },
    { class: 2, images: 10 },
  ]);
  expect(info).toMatchObject({ width: 80, height: 18, channels: 3 });
  for (const [label, { images }] of sheet.rows.entries()) {
    const seen = new Set<number>();
    for (let column = 0; column < 10; column++) {
      const corners = [at(column * 8, label * 6), at(column * 8 + 7, label * 6 + 5)];
      expect(corners[0]).toEqual(corners[1]);
      const [red, green, blue] = corners[0] ?? [];
      if (column >= images) expect([red, green, blue]).toEqual([255, 255, 255]);
      else expect([red, blue]).toEqual([100 + label, 200]);
      seen.add(green ?? -1);
    }
    expect(seen.size).toBe(images === 10 ? 10 : images + 1);
  }
  expect((await contactSheet(dataset)).png.equals(sheet.png)).toBe(true);
});

it('scales large images down, keeping their shape', async () => {
  const dataset = await painted(2, 2, { width: 192, height: 100 });
  const { sheet, info, at } = await pixelsOf(dataset);
  expect(sheet).toMatchObject({ tileWidth: 96, tileHeight: 50 });
  expect(info).toMatchObject({ width: 960, height: 100 });
  expect(at(40, 70)[0]).toBe(101);
});
