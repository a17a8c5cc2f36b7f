import { createHash } from 'node:crypto';
import { augment, type Dataset, samplePermutation, seededGenerator } from '@espalier/datasets';
import { InputError } from '@espalier/errors';
import { type FloatTensor, floatTensor, type Network } from '@espalier/network';
import { imageReader, type LabelledImages } from '../evaluation/image-reader.ts';
import type { Recipe } from './recipe.ts';

/** The training images in the order of one training, a batch a step. */
export interface TrainingStream {
  /** Images per batch: the recipe's, or all if there are fewer. */
  readonly batch: number;
  /** Whole batches per epoch; images left over have their turn in another epoch. */
  readonly stepsPerEpoch: number;
  /** Depends on the seed and the step alone, so a training can go on from any step. */
  read(step: number): Promise<StreamBatch>;
}

/** Its images are augmented. */
interface StreamBatch extends LabelledImages {
  /** [batch, classes], smoothed */
  readonly targets: FloatTensor;
}

/** How many steps a recipe takes with so many images to train on. */
export function trainingSteps({ steps, epochs, batch }: Recipe, images: number): number {
  return steps ?? Math.max(1, Math.round(epochs * stepsOfEpoch(batch, images)));
}

/** Of whole batches; all images together if there are fewer than one takes. */
function stepsOfEpoch(batch: number, images: number): number {
  return Math.max(1, Math.floor(images / batch));
}

export function trainingStream(
  network: Network,
  dataset: Dataset,
  recipe: Pick<Recipe, 'batch' | 'augmentation' | 'labelSmoothing'>,
  seed: number,
): TrainingStream {
  const { n } = dataset.splits.train;
  if (n === 0) throw new InputError(`the training split of ${dataset.name} has no images`, 'dataset');
  const reader = imageReader(network, dataset);
  const batch = Math.min(recipe.batch, n);
  const stepsPerEpoch = stepsOfEpoch(batch, n);
  let shuffled: { epoch: number; order: Uint32Array } = { epoch: -1, order: new Uint32Array() };
  return {
    batch,
    stepsPerEpoch,
    async read(step) {
      const epoch = Math.floor(step / stepsPerEpoch);
      if (shuffled.epoch !== epoch) {
        shuffled = { epoch, order: samplePermutation(n, derivedSeed(seed, 'order', epoch)) };
      }
      const from = (step % stepsPerEpoch) * batch;
      const next = seededGenerator(derivedSeed(seed, 'augmentation', step));
      const indices = shuffled.order.subarray(from, from + batch);
      const { input, labels } = await reader.read('train', indices, (pixels, geometry) =>
        augment(pixels, geometry, recipe.augmentation, next),
      );
      return { input, labels, targets: smoothed(labels, reader.classes, recipe.labelSmoothing) };
    },
  };
}

/** A seed of its own for each use, so that no two draws are related. */
export function derivedSeed(seed: number, use: string, index: number): number {
  const digest = createHash('sha256').update(`${seed} ${use} ${index}`).digest();
  return digest.readUIntBE(0, 6);
}

/** 1 - smoothing for the right class, the rest spread over all (Szegedy et al., "Rethinking the Inception architecture", 2015, section 7). */
function smoothed(labels: Uint16Array, classes: number, smoothing: number): FloatTensor {
  const targets = new Float32Array(labels.length * classes).fill(smoothing / classes);
  labels.forEach((label, i) => {
    const at = i * classes + label;
    targets[at] = (targets[at] ?? 0) + 1 - smoothing;
  });
  return floatTensor([labels.length, classes], targets);
}
