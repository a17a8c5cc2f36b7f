import { grouped } from '#src/format/numbers.ts';

/** From so many on nothing is said: a top-1 accuracy has then a standard error of at most 2.24 points. */
const ENOUGH = 500;

/** Metrics that count images: for these the error follows from their number alone. */
const COUNTED: readonly string[] = ['TOP1', 'TOP5', 'AGREEMENT'];

/**
 * The largest standard error of a share of so many images, in points: sqrt(p (1 - p) / n) at p = 0.5.
 *
 * @param images at least 1
 */
export function largestError(images: number): number {
  return 50 / Math.sqrt(images);
}

/** What the number of images is taken from. */
interface Measured {
  /** Of each measurement. */
  readonly images: number;
  /** Of the search split: the most that there can be. */
  readonly searchImages: number;
  /** By which layers are compared. */
  readonly metric: string;
}

/** A warning where so few images are measured that accuracies say little, with the remedy; null where there are enough. */
export function fewImagesWords({ images, searchImages, metric }: Measured): string | null {
  const used = Math.min(images, searchImages);
  if (!COUNTED.includes(metric) || used < 1 || used >= ENOUGH) return null;
  const error = (of: number) => largestError(of).toFixed(1);
  const enough = Math.min(searchImages, 1000);
  const remedy =
    enough > used
      ? `Give more images per measurement: with ${grouped(enough)}, as many as ${
          enough === searchImages ? 'the search split has' : 'usual'
        }, the error is at most ${error(enough)}.`
      : `The search split has no more: add images to the data set (1,000 bring the error to ${error(1000)} points or less).`;
  return `Only ${grouped(used)} ${used === 1 ? 'image' : 'images'} per measurement: a top-1 accuracy of so few has a standard error of up to ${error(used)} points, and smaller drops cannot be told from noise. ${remedy}`;
}
