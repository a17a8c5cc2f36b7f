import { readdir, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { InputError } from '@espalier/errors';
import { naturalOrder } from './natural-order.ts';

const IMAGE_EXTENSIONS = new Set(['.png', '.jpg', '.jpeg', '.webp', '.gif', '.tif', '.tiff']);
/** Images all the same, but our decoder does not know them: silently leaving them out would be worse than stopping. */
const FOREIGN_EXTENSIONS = new Set([
  '.bmp',
  '.ppm',
  '.pgm',
  '.pbm',
  '.pnm',
  '.tga',
  '.ico',
  '.psd',
  '.heic',
  '.jxl',
]);

/** Labels are stored in 16 bits. */
const MOST_CLASSES = 2 ** 16;

/** The image files of one class, relative to the data set's folder, with `/`, in natural order. */
export type ClassFiles = readonly string[];

/** What lies in a folder of images: for each class, in the order of `classes`, its files. */
export type Layout =
  | { readonly kind: 'one-pool'; readonly classes: readonly string[]; readonly all: readonly ClassFiles[] }
  | {
      readonly kind: 'split';
      readonly classes: readonly string[];
      readonly train: readonly ClassFiles[];
      readonly search: readonly ClassFiles[] | null;
      readonly test: readonly ClassFiles[];
    };

/**
 * Reads the layout of a folder: class folders in it, or `train/` and `test/` (and maybe `search/` or `val/`)
 * with the same class folders in each.
 *
 * @throws {InputError} naming the folder or class that is missing, empty or superfluous.
 */
export async function readLayout(root: string): Promise<Layout> {
  const folders = await subfolders(root);
  const has = (name: string) => folders.includes(name);
  if (!has('train') || !has('test')) {
    await refuseHalfSplit(root, folders);
    const { classes, files } = await readClasses(root, '');
    return { kind: 'one-pool', classes, all: files };
  }
  const train = await readClasses(root, 'train');
  const test = await readClasses(root, 'test');
  requireSameClasses(root, train.classes, 'test', test.classes);
  const searchName = ['search', 'val'].find(has);
  const search = searchName === undefined ? null : await readClasses(root, searchName);
  if (search && searchName) requireSameClasses(root, train.classes, searchName, search.classes);
  return {
    kind: 'split',
    classes: train.classes,
    train: train.files,
    search: search?.files ?? null,
    test: test.files,
  };
}

/** `train/` without `test/` would be taken for a class called train, with a confusing message about it. */
async function refuseHalfSplit(root: string, folders: readonly string[]): Promise<void> {
  const half = ['train', 'test'].find((name) => folders.includes(name));
  if (half === undefined || (await subfolders(join(root, half))).length === 0) return;
  const other = half === 'train' ? 'test' : 'train';
  throw new InputError(
    `${root} has ${half}/ with class folders in it, but no ${other}/: ` +
      'give both, or the class folders alone to have them split',
  );
}

async function readClasses(
  root: string,
  part: string,
): Promise<{ classes: readonly string[]; files: readonly ClassFiles[] }> {
  const folder = join(root, part);
  const classes = await subfolders(folder);
  if (classes.length === 0) {
    throw new InputError(`${folder} has no images in class folders: it needs one folder for each class`);
  }
  const files = await Promise.all(
    classes.map((name) => readClass(root, part === '' ? name : `${part}/${name}`)),
  );
  if (files.every((list) => list.length === 0))
    throw new InputError(`${folder} has no images in its class folders`);
  const empty = classes.find((_, i) => files[i]?.length === 0);
  if (empty !== undefined) throw new InputError(`class '${empty}' in ${folder} has no images`);
  if (classes.length < 2)
    throw new InputError(`${folder} has one class, '${classes[0]}': at least 2 are needed`);
  if (classes.length > MOST_CLASSES) {
    throw new InputError(`${folder} has ${classes.length} classes, more than ${MOST_CLASSES}`);
  }
  return { classes, files };
}

async function readClass(root: string, path: string): Promise<ClassFiles> {
  const names = (await readdir(join(root, path))).filter((name) => !name.startsWith('.'));
  const foreign = names.find((name) => FOREIGN_EXTENSIONS.has(extname(name).toLowerCase()));
  if (foreign !== undefined) {
    throw new InputError(
      `${join(root, path, foreign)}: ${extname(foreign)} images cannot be read, convert them to PNG`,
    );
  }
  return names
    .filter((name) => IMAGE_EXTENSIONS.has(extname(name).toLowerCase()))
    .sort(naturalOrder)
    .map((name) => `${path}/${name}`);
}

/** Names in the order of their code points, as other training frameworks number classes. Links are followed. */
async function subfolders(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = await Promise.all(
    entries.map(async (entry) => {
      if (entry.name.startsWith('.')) return null;
      const linked = entry.isSymbolicLink() ? await stat(join(folder, entry.name)).catch(() => null) : entry;
      return linked?.isDirectory() ? entry.name : null;
    }),
  );
  return names.filter((name) => name !== null).sort(byCodePoint);
}

function byCodePoint(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function requireSameClasses(
  root: string,
  train: readonly string[],
  part: string,
  others: readonly string[],
): void {
  const missing = train.filter((name) => !others.includes(name));
  const extra = others.filter((name) => !train.includes(name));
  if (missing.length === 0 && extra.length === 0) return;
  const differences = [
    ...(missing.length > 0 ? [`${part}/ lacks ${missing.join(', ')}`] : []),
    ...(extra.length > 0 ? [`${part}/ also has ${extra.join(', ')}`] : []),
  ];
  throw new InputError(
    `${basename(root)}: the classes of train/ and ${part}/ differ: ${differences.join('; ')}`,
  );
}
