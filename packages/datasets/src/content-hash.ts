import { createHash } from 'node:crypto';
import type { ImageShape } from './dataset.ts';
import type { EncodedLabels } from './labels.ts';

interface Content {
  readonly classes: readonly string[];
  readonly image: ImageShape;
  readonly labels: EncodedLabels;
  /** sha256, hex, of all images of train, search and test, one behind the other. */
  readonly pixelDigest: string;
}

/** The hash of a data set whose images are all stored in one size. */
export function contentHash({ classes, image, labels, pixelDigest }: Content): string {
  const { width, height, channels } = image;
  const { train, search, test } = labels;
  const content = {
    classes,
    image: { width, height, channels },
    labels: { train, search, test },
    pixels: pixelDigest,
  };
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}
