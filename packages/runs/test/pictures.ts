import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { png } from '../../../test/generate/png.ts';

/** 6x6 pictures, `perClass` for each of `classes` classes, noise that differs from one to the other. */
export async function pictureFolder(root: string, classes: number, perClass: number): Promise<string> {
  for (let c = 0; c < classes; c++) {
    await mkdir(path.join(root, `class-${c}`), { recursive: true });
    for (let i = 0; i < perClass; i++) {
      await writeFile(path.join(root, `class-${c}`, `${i}.png`), png(6, 6, noise(6, c * perClass + i)));
    }
  }
  return root;
}

function noise(side: number, seed: number): Uint8Array {
  return Uint8Array.from({ length: side * side * 3 }, (_, i) => {
    const [x, y] = [i % (side * 3), Math.floor(i / (side * 3))];
    return Math.floor(128 + 120 * Math.sin(seed * 12.9898 + y * 78.233 + x * 37.719));
  });
}
