import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { seededRandom } from '@espalier/datasets';
import { png } from '../../generate/png.ts';

const EXTENT = 224;
const COUNTS = { train: 256, search: 64, test: 64 };
const WAVES = 6;

/**
 * A data set without labels in `folder`: smooth pictures of 224 pixels, the same on every machine.
 *
 * @param counts how many by the folder inside
 */
export async function writePictures(
  folder: string,
  counts: Readonly<Record<string, number>> = COUNTS,
): Promise<string> {
  const random = seededRandom(1);
  for (const [split, count] of Object.entries(counts)) {
    await mkdir(path.join(folder, split), { recursive: true });
    for (let i = 0; i < count; i++) {
      await writeFile(path.join(folder, split, `${i}.png`), png(EXTENT, EXTENT, picture(random)));
    }
  }
  return folder;
}

/** [height, width, 3] bytes: a sum of waves for each colour. */
function picture(random: () => number): Uint8Array {
  const pixels = new Uint8Array(EXTENT * EXTENT * 3);
  for (let c = 0; c < 3; c++) {
    const waves = Array.from({ length: WAVES }, () => [random() * 60, random() * 60, random() * 6]);
    for (let y = 0; y < EXTENT; y++) {
      for (let x = 0; x < EXTENT; x++) {
        let sum = 0;
        for (const [a = 0, b = 0, phase = 0] of waves) sum += Math.sin(phase + (a * y + b * x) / EXTENT);
        pixels[(y * EXTENT + x) * 3 + c] = 128 + (120 * sum) / WAVES;
      }
    }
  }
  return pixels;
}
