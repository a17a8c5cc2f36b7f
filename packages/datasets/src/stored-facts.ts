import type { ImageShape, Split, SplitName } from './dataset.ts';
import type { ImageFacts } from './facts.ts';

/** Of images that are stored in one size, without files of their own. */
export function factsOfStored(
  split: SplitName,
  indices: ArrayLike<number>,
  { labels }: Split,
  { width, height }: ImageShape,
  classes: readonly string[],
): ImageFacts[] {
  return Array.from(indices, (index) => ({
    ...{ name: `${split}/${index}`, width, height },
    label: classes.length === 0 ? null : (labels[index] ?? 0),
  }));
}
