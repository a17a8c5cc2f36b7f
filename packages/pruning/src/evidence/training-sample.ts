import { type Dataset, samplePermutation } from '@espalier/datasets';
import { imageReader } from '@espalier/engines';
import { InputError } from '@espalier/errors';
import type { Network } from '@espalier/network';
import type { TrainingSample } from './evidence.ts';

export interface SampleOptions {
  /** The most to take. */
  readonly images: number;
  readonly seed: number;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The first images of a seeded permutation of the training split, not augmented.
 *
 * @throws {InputError} where the split has none
 */
export function trainingSample(
  network: Network,
  dataset: Dataset,
  { images, seed, onProgress, signal }: SampleOptions,
): TrainingSample {
  const order = samplePermutation(dataset.splits.train.n, seed).subarray(0, images);
  if (order.length === 0)
    throw new InputError(`the training split of ${dataset.name} has no images`, 'dataset');
  const reader = imageReader(network, dataset);
  return {
    images: order.length,
    classes: dataset.classes.length,
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
