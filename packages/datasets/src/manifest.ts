import { createHash } from 'node:crypto';
import { type Dataset, SPLIT_NAMES, type SplitName } from './dataset.ts';

/** What a manifest says of a split: how many images, and what they and their labels are. */
export interface SplitManifest {
  readonly name: SplitName;
  readonly images: number;
  /** sha256, hex, over a line for each image in order: `<sha256 of its pixels> <label>\n`. */
  readonly sha256: string;
}

/** Images that are read at once. */
const BLOCK = 256;

/**
 * The manifest of a data set whose images are stored in one size. The pixels of an image are those as decoded:
 * [height, width, channels], one byte each. Splits without images are left out.
 */
export async function manifestOf(dataset: Dataset): Promise<SplitManifest[]> {
  const { image, splits } = dataset;
  if (!image) throw new Error(`the images of ${dataset.name} differ in size`);
  const size = image.height * image.width * image.channels;
  const manifest: SplitManifest[] = [];
  for (const name of SPLIT_NAMES) {
    const { n, labels } = splits[name];
    if (n === 0) continue;
    const lines = createHash('sha256');
    for (let from = 0; from < n; from += BLOCK) {
      const count = Math.min(BLOCK, n - from);
      const indices = Array.from({ length: count }, (_, i) => from + i);
      const pixels = await dataset.pixels(name, indices, image);
      for (let i = 0; i < count; i++) {
        const digest = createHash('sha256')
          .update(pixels.subarray(i * size, (i + 1) * size))
          .digest('hex');
        lines.update(`${digest} ${labels[from + i]}\n`);
      }
    }
    manifest.push({ name, images: n, sha256: lines.digest('hex') });
  }
  return manifest;
}

/** sha256, hex: equal for equal splits, in whatever order they are told. */
export function manifestHash(splits: readonly SplitManifest[]): string {
  const inOrder = SPLIT_NAMES.flatMap((name) => {
    const split = splits.find((each) => each.name === name);
    return split ? [[name, split.images, split.sha256]] : [];
  });
  return createHash('sha256').update(JSON.stringify(inOrder)).digest('hex');
}
