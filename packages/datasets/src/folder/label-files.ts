import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { InputError } from '@espalier/errors';
import type { Size } from '../bilinear.ts';
import type { Annotated, Label } from '../facts.ts';

/** What images without class folders have in place of one class each. */
export interface Annotations {
  readonly about: Annotated;
  /** What decides the label of an image: equal ones mean equal labels. */
  digest(path: string): string;
  /** @throws {InputError} naming the file that cannot be read */
  read(path: string, size: Size): Promise<Label>;
}

/** A path without its extension. */
export function stemOf(path: string): string {
  return path.slice(0, path.length - extname(path).length);
}

/** The folder that a file is in, with its last `/`. */
export function folderOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/') + 1) : '';
}

/** @throws {InputError} naming the file that cannot be read */
export async function bytesOf(file: string): Promise<Buffer> {
  return readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new InputError(`${file} cannot be read (${error.code})`, 'dataset');
  });
}
