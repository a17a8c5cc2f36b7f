import { type Dataset, samplePermutation } from '@espalier/datasets';
import type { FloatTensor, Network } from '@espalier/network';
import { imageReader } from '../evaluation/image-reader.ts';

const BATCH = 250;

export interface TrainingImagesOptions {
  /** How many. */
  readonly images: number;
  /** Draws them. */
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number) => void) | undefined;
}

/** The first images of a seeded permutation of the training split as a network sees them, not augmented. */
export async function* trainingImages(
  network: Network,
  dataset: Dataset,
  { images, seed, signal, onProgress }: TrainingImagesOptions,
): AsyncIterable<FloatTensor> {
  const order = samplePermutation(dataset.splits.train.n, seed).subarray(0, images);
  const reader = imageReader(network, dataset);
  for (let from = 0; from < order.length; from += BATCH) {
    signal?.throwIfAborted();
    const { input } = await reader.read('train', order.subarray(from, from + BATCH));
    yield input;
    onProgress?.(Math.min(order.length, from + BATCH));
  }
}
