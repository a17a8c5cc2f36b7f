import { extname, join } from 'node:path';
import { InputError } from '@espalier/errors';
import { sha256 } from './file-index.ts';
import { type Annotations, bytesOf, stemOf } from './label-files.ts';
import { decodeMask } from './mask.ts';

/** `a.png` of `a.jpg`, or `a_mask.png` of `a` in any format; `whole`: each image has one. */
export function masksOf(images: readonly string[]): {
  readonly of: Map<string, string>;
  readonly whole: boolean;
} {
  const all = new Set(images);
  const of = new Map<string, string>();
  for (const image of images) {
    const stem = stemOf(image);
    const names = [`${stem}_mask.png`, ...(extname(image).toLowerCase() === '.png' ? [] : [`${stem}.png`])];
    const mask = names.find((name) => all.has(name));
    if (mask !== undefined) of.set(image, mask);
  }
  const masks = new Set(of.values());
  return { of, whole: of.size > 0 && images.every((image) => of.has(image) !== masks.has(image)) };
}

/** @param files the mask of each image, relative to `root` */
export async function readMasks(root: string, files: ReadonlyMap<string, string>): Promise<Annotations> {
  const digests = new Map<string, string>();
  for (const [image, file] of files) digests.set(image, sha256(await bytesOf(join(root, file))));
  return {
    about: { form: 'masks', classes: [] },
    digest: (path) => digests.get(path) ?? '',
    async read(path, { width, height }) {
      const file = files.get(path) ?? '';
      const bytes = await bytesOf(join(root, file));
      const wrong = (why: string) => new InputError(`${join(root, file)} is no mask: ${why}`, 'dataset');
      if (sha256(bytes) !== digests.get(path)) throw wrong('it has changed since the data set was opened');
      const mask = decodedMask(bytes, wrong);
      if (mask.width !== width || mask.height !== height) {
        throw wrong(`it has ${mask.width} x ${mask.height} pixels, its image ${width} x ${height}`);
      }
      return mask;
    },
  };
}

function decodedMask(bytes: Buffer, wrong: (why: string) => InputError) {
  try {
    return decodeMask(bytes);
  } catch (error) {
    throw wrong((error as Error).message);
  }
}
