import { png } from './png.ts';
import type { ZipEntry } from './zip.ts';

/** Noise of some height and width, another one for each seed. */
export function noisyPng(width: number, height: number, seed: number): Buffer {
  const pixels = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const [x, y] = [i % (width * 3), Math.floor(i / (width * 3))];
    return Math.floor(128 + 120 * Math.sin(seed * 12.9898 + y * 78.233 + x * 37.719));
  });
  return png(width, height, pixels);
}

/**
 * Files of a zip: so many images for each class, in folders of these names.
 *
 * @param size [width, height] of the i-th image of a class
 */
export function classEntries(
  folder: string,
  classes: readonly string[],
  perClass: number,
  size: (i: number) => readonly [width: number, height: number],
): ZipEntry[] {
  return classes.flatMap((name, label) =>
    Array.from({ length: perClass }, (_, i) => ({
      name: `${folder}${name}/${i}.png`,
      data: noisyPng(...size(i), label * perClass + i),
    })),
  );
}
