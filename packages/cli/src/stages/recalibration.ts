import type { Dataset } from '@espalier/datasets';
import { recalibrate, trainingImages } from '@espalier/engines';
import { InputError } from '@espalier/errors';
import type { Network } from '@espalier/network';
import type { Context } from '../terminal.ts';
import type { Bench } from './bench.ts';

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
  const progress = terminal.progress('recalibrating', 'images');
  const onProgress = (done: number) => progress.update(done, images);
  try {
    return await recalibrate(
      network,
      engine,
      trainingImages(network, dataset, { images, seed, signal, onProgress }),
    );
  } finally {
    terminal.endProgress();
  }
}
