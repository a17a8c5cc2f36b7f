import { type Dataset, samplePermutation } from '@espalier/datasets';
import { InputError } from '@espalier/errors';
import type { FloatTensor, Network } from '@espalier/network';
import { imageReader, type LabelledImages } from '../evaluation/image-reader.ts';

export interface TrainingImagesOptions {
  /** How many; all if there are fewer. */
  readonly images: number;
  /** Draws them. */
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** Some training images as a network sees them, not augmented. */
export interface TrainingSample {
  /** How many images there are. */
  readonly images: number;
  /** How many classes the network tells their labels in. */
  readonly classes: number;
  /** All of them, so many at a time. */
  batches(size: number): AsyncIterable<LabelledImages>;
}

/**
 * The first images of a seeded permutation of the training split; always in the same order where all are taken, so
 * that nothing is drawn then.
 *
 * @throws {InputError} where the split has none
 */
export function trainingSample(
  network: Network,
  dataset: Dataset,
  { images, seed, signal, onProgress }: TrainingImagesOptions,
): TrainingSample {
  const { n } = dataset.splits.train;
  const order = samplePermutation(n, images < n ? seed : 0).subarray(0, images);
  if (order.length === 0)
    throw new InputError(`the training split of ${dataset.name} has no images`, 'dataset');
  const reader = imageReader(network, dataset);
  return {
    images: order.length,
    classes: reader.classes,
    async *batches(size) {
      for (let from = 0; from < order.length; from += size) {
        signal?.throwIfAborted();
        onProgress?.(from, order.length);
        yield await reader.read('train', order.subarray(from, from + size));
      }
      onProgress?.(order.length, order.length);
    },
  };
}

/** The images of such a sample, for what needs no labels. */
export async function* trainingImages(
  network: Network,
  dataset: Dataset,
  options: TrainingImagesOptions,
  size = 250,
): AsyncIterable<FloatTensor> {
  for await (const { input } of trainingSample(network, dataset, options).batches(size)) yield input;
}
