import type { Dirent, Stats } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { InputError } from '@espalier/errors';
import type { LeftOut } from './left-out.ts';
import { naturalOrder } from './natural-order.ts';

const IMAGE_EXTENSIONS = new Set('.png .jpg .jpeg .jpe .jfif .webp .gif .tif .tiff .avif'.split(' '));
/** Images all the same, but our decoder does not know them: silently leaving them out would be worse than stopping. */
const FOREIGN_EXTENSIONS = new Set(
  '.bmp .dib .ppm .pgm .pbm .pnm .tga .ico .psd .heic .heif .jxl .jp2'.split(' '),
);

/** What lies directly in a folder, without what is hidden. Links are followed. */
export interface Listing {
  /** Names in the order of their code points, as other training frameworks number classes. */
  readonly folders: readonly string[];
  readonly files: readonly string[];
}

/** @param path of the folder, relative to `root`, with `/`; empty for itself */
export async function list(root: string, path: string, leftOut: LeftOut): Promise<Listing> {
  const folder = join(root, path);
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    throw new InputError(`${folder} cannot be read (${error.code})`);
  });
  const folders: string[] = [];
  const files: string[] = [];
  for (const entry of entries) {
    const { name } = entry;
    if (name.startsWith('.')) leftOut.add('hidden', below(path, name));
    else if ((await followed(folder, entry))?.isDirectory()) folders.push(name);
    else files.push(name);
  }
  return { folders: folders.sort(byCodePoint), files: files.sort(naturalOrder) };
}

/** Links are followed, but for those that are called like images; one into nowhere is a file: reading it tells. */
async function followed(folder: string, entry: Dirent): Promise<Dirent | Stats | null> {
  if (!entry.isSymbolicLink() || IMAGE_EXTENSIONS.has(extensionOf(entry.name))) return entry;
  return stat(join(folder, entry.name)).catch(() => null);
}

/**
 * The images in a folder and in all folders below it, of each once, relative to `root`, with `/`, in natural order.
 *
 * @throws {InputError} for one of a format that cannot be read
 */
export async function imagesBelow(root: string, path: string, leftOut: LeftOut): Promise<string[]> {
  const found: string[] = [];
  await collect(root, path, leftOut, found, new Set(path === '' ? [] : [await realpath(root)]));
  return found.sort(naturalOrder);
}

async function collect(
  root: string,
  path: string,
  leftOut: LeftOut,
  found: string[],
  seen: Set<string>,
): Promise<void> {
  const place = await realpath(join(root, path));
  // A link to a folder that it is in, or that another way leads to: there may be very many ways.
  if (seen.has(place)) return;
  seen.add(place);
  const { folders, files } = await list(root, path, leftOut);
  for (const name of files) {
    const file = below(path, name);
    if (FOREIGN_EXTENSIONS.has(extensionOf(name))) {
      throw new InputError(
        `${join(root, file)}: ${extname(name)} images cannot be read, convert them to PNG`,
      );
    }
    if (IMAGE_EXTENSIONS.has(extensionOf(name))) found.push(file);
    else leftOut.add('file', file);
  }
  for (const name of folders) await collect(root, below(path, name), leftOut, found, seen);
}

/** Files where class folders belong. */
export function strays(path: string, { files }: Listing, leftOut: LeftOut): void {
  for (const name of files) {
    leftOut.add(isImage(name) ? 'stray' : 'file', below(path, name));
  }
}

/** By its name, of whichever format. */
export function isImage(name: string): boolean {
  return [IMAGE_EXTENSIONS, FOREIGN_EXTENSIONS].some((known) => known.has(extensionOf(name)));
}

function extensionOf(name: string): string {
  return extname(name).toLowerCase();
}

export function below(path: string, name: string): string {
  return path === '' ? name : `${path}/${name}`;
}

function byCodePoint(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
