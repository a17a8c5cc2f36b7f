import { mkdir, mkdtemp, rename } from 'node:fs/promises';
import path from 'node:path';
import { seededRandom } from '@espalier/datasets';
import { imageLibrary } from '../../packages/datasets/src/image-library.ts';
import { exists, npmPackage, WORK } from './packages.ts';

const PHOTOGRAPHS = '@vladmandic/face-api@1.7.15';
/** Enough that hands are on some of them: on fewer, an output that asks for one is nearly zero throughout. */
export const TESTED_ON = 384;
/** Which photographs each split is cut out of, and how many crops it has: what is tested on was never seen. */
const SPLITS = {
  train: { of: [1, 2, 3, 4], crops: 64 },
  search: { of: [1, 2, 3, 4], crops: 16 },
  test: { of: [5, 6], crops: TESTED_ON },
} as const;
/** Of a photograph's height. */
const SMALLEST = 0.25;

/**
 * A folder of images without labels: seeded crops of six photographs of people, all of one shape, of any size.
 *
 * @param aspect width by height
 */
export async function crops(aspect: number): Promise<string> {
  const folder = path.join(WORK, `crops-${aspect.toFixed(3)}-${TESTED_ON}`);
  if (await exists(folder)) return folder;
  const photographs = path.join(await npmPackage(PHOTOGRAPHS), 'demo');
  const sharp = await imageLibrary();
  const random = seededRandom(22);
  const partial = await mkdtemp(path.join(WORK, 'cropping-'));
  for (const [split, { of, crops: count }] of Object.entries(SPLITS)) {
    await mkdir(path.join(partial, split));
    for (let i = 0; i < count; i++) {
      const file = path.join(photographs, `sample${of[i % of.length]}.jpg`);
      const { width, height } = await sharp(file).metadata();
      const largest = Math.min(height, width / aspect);
      const extent = largest * (SMALLEST + (1 - SMALLEST) * random());
      const size = { width: Math.floor(extent * aspect), height: Math.floor(extent) };
      const left = Math.floor((width - size.width) * random());
      const top = Math.floor((height - size.height) * random());
      const cut = sharp(file).extract({ left, top, ...size });
      await cut.png().toFile(path.join(partial, split, `${String(i).padStart(3, '0')}.png`));
    }
  }
  await rename(partial, folder);
  return folder;
}
