import { type Dataset, samplePermutation } from '@espalier/datasets';
import { imageReader, recalibrate } from '@espalier/engines';
import { type FloatTensor, InputError, type Network } from '@espalier/network';
import type { Context } from '../terminal.ts';
import type { Bench } from './bench.ts';

const BATCH = 250;

/** Fails early where a recalibration would fail late. */
export function checkRecalibration(network: Network, dataset: Dataset, images: number): void {
  const available = dataset.splits.train.n;
  if (images > available) {
    throw new InputError(
      `--recalibrate ${images}: the training split of ${dataset.name} has only ${available} images`,
    );
  }
  if (!network.nodes.some(({ op }) => op === 'BatchNormalization')) {
    throw new InputError(
      `--recalibrate: network "${network.name}" has no BatchNorm (it may be folded into the convolutions); leave it out`,
    );
  }
}

/** Gives BatchNorm the statistics of the first `images` of a seeded permutation of the training split. */
export async function recalibrateOnTraining(
  { engine, network, dataset }: Bench,
  { images, seed }: { images: number; seed: number },
  { terminal, signal }: Context,
): Promise<Network> {
  const order = samplePermutation(dataset.splits.train.n, seed).subarray(0, images);
  const reader = imageReader(network, dataset);
  const progress = terminal.progress('recalibrating', 'images');
  async function* batches(): AsyncIterable<FloatTensor> {
    for (let from = 0; from < images; from += BATCH) {
      signal.throwIfAborted();
      const { input } = await reader.read('train', order.subarray(from, from + BATCH));
      yield input;
      progress.update(Math.min(images, from + BATCH), images);
    }
  }
  try {
    return await recalibrate(network, engine, batches());
  } finally {
    terminal.endProgress();
  }
}
