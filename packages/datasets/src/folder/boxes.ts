import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { InputError } from '@espalier/errors';
import type { Size } from '../bilinear.ts';
import type { Box } from '../facts.ts';
import { sha256 } from './file-index.ts';
import { type Annotations, bytesOf } from './label-files.ts';

/** Names of classes, one line each, beside the text files. */
export const CLASS_NAMES = 'classes.txt';

/** A label may touch the border; what is farther outside was not divided by the image's size. */
const BESIDE = 1e-3;

/**
 * Boxes as YOLO has them: one a line, index of the class, then centre x, centre y, width and height as shares of the
 * image's.
 *
 * @param file for messages
 * @returns in pixels of the image
 * @throws {InputError} naming file and line
 */
function parseBoxes(text: string, { width, height }: Size, file: string, classes: readonly string[]): Box[] {
  return text.split('\n').flatMap((line, i) => {
    const values = line.trim().split(/\s+/);
    if (values[0] === '') return [];
    const wrong = (why: string) =>
      new InputError(
        `${file}, line ${i + 1}: ${why}: a box is its class, then centre x, centre y, width and height from 0 to 1`,
        'dataset',
      );
    if (values.length !== 5) throw wrong(`${values.length} value${values.length === 1 ? '' : 's'}`);
    const [index = Number.NaN, ...shares] = values.map(Number);
    if (!Number.isInteger(index) || index < 0) throw wrong(`"${values[0]}" is no class`);
    if (classes.length > 0 && index >= classes.length)
      throw wrong(`${CLASS_NAMES} names ${classes.length} classes, from 0: there is none for ${index}`);
    const outside = shares.findIndex((share) => !(share >= -BESIDE && share <= 1 + BESIDE));
    if (outside >= 0) throw wrong(`${values[outside + 1]} is not from 0 to 1`);
    const [x = 0, y = 0, w = 0, h = 0] = shares;
    return [
      {
        ...{ class: index, left: (x - w / 2) * width, top: (y - h / 2) * height },
        ...{ width: w * width, height: h * height },
      },
    ];
  });
}

/** @param files the text file of each image that has one, relative to `root` */
export async function readBoxes(root: string, files: ReadonlyMap<string, string>): Promise<Annotations> {
  const texts = new Map<string, { readonly file: string; readonly text: string }>();
  for (const [image, file] of files)
    texts.set(image, { file, text: (await bytesOf(join(root, file))).toString() });
  const classes = await classNames(root, [...files.values()]);
  return {
    about: { form: 'boxes', classes },
    digest: (path) => sha256(Buffer.from(texts.get(path)?.text ?? '')),
    // As YOLO has it, an image without a file shows nothing.
    async read(path, size) {
      const of = texts.get(path);
      return of ? parseBoxes(of.text, size, join(root, of.file), classes) : [];
    },
  };
}

/** Of the folder and of those that texts are in, which say the same. */
async function classNames(root: string, files: readonly string[]): Promise<readonly string[]> {
  let first: { readonly folder: string; readonly names: readonly string[] } | undefined;
  for (const folder of new Set(['.', ...files.map((file) => dirname(file))])) {
    const text = await readFile(join(root, folder, CLASS_NAMES), 'utf8').catch(() => null);
    if (text === null) continue;
    const names = text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '');
    first ??= { folder, names };
    if (names.join('\n') === first.names.join('\n')) continue;
    throw new InputError(
      `${join(root, folder, CLASS_NAMES)} names other classes than ${join(root, first.folder, CLASS_NAMES)}: give one list`,
      'dataset',
    );
  }
  return first?.names ?? [];
}
