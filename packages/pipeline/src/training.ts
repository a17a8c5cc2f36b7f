import path from 'node:path';
import { recalibrate, type Training, train, trainingImages } from '@espalier/engines';
import { asStored, type Network } from '@espalier/network';
import type { Bench } from './bench.ts';
import { counting, type Observer, type TrainingPhase } from './observer.ts';
import type { Workplace } from './workplace.ts';

/** Where trainings keep their checkpoints. */
export function checkpointFolder({ home, derived = home }: Pick<Workplace, 'home' | 'derived'>): string {
  return path.join(derived, 'training');
}

/**
 * Trains, and takes up what an earlier run of the same training left. The weights are those that the network's file can
 * keep.
 */
export async function trainOn(
  { network, dataset, engine }: Bench,
  training: TrainingPhase & { readonly seed: number; readonly teacher: Network | undefined },
  place: Workplace,
  observer: Observer,
): Promise<Training> {
  const { recipe, seed, teacher, what } = training;
  const trained = await train(engine, {
    ...{ network, dataset, recipe, seed, teacher, signal: place.signal },
    checkpoint: { folder: checkpointFolder(place), every: place.checkpointEvery },
    onProgress: counting(observer, what),
    onEpoch: (epoch) => observer.epoch?.(epoch, training),
    onResume: (step, steps, epochs) => observer.resumed?.(step, steps, epochs, training),
    onCheckpoint: observer.checkpoint,
  });
  return { ...trained, network: asStored(trained.network) };
}

/** Gives BatchNorm the statistics of the first `images` of a seeded permutation of the training split. */
export async function recalibrateOn(
  { network, dataset, engine }: Bench,
  { images, seed }: { readonly images: number; readonly seed: number },
  { signal }: Workplace,
  observer: Observer,
): Promise<Network> {
  const count = counting(observer, 'recalibrating');
  const onProgress = (done: number) => count({ done, total: images });
  const drawn = trainingImages(network, dataset, { images, seed, signal, onProgress });
  return asStored(await recalibrate(network, engine, drawn));
}
