import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { noisyPng } from '../../../test/generate/images.ts';

/** 6x6 pictures, `perClass` for each of `classes` classes, noise that differs from one to the other. */
export async function pictureFolder(root: string, classes: number, perClass: number): Promise<string> {
  for (let c = 0; c < classes; c++) {
    await mkdir(path.join(root, `class-${c}`), { recursive: true });
    for (let i = 0; i < perClass; i++) {
      await writeFile(path.join(root, `class-${c}`, `${i}.png`), noisyPng(6, 6, c * perClass + i));
    }
  }
  return root;
}
