import { InputError } from '@espalier/errors';
import type { SplitName } from '../dataset.ts';
import { samplePermutation } from '../random.ts';
import type { ClassFiles, Layout } from './layout.ts';

/** One image of a folder. */
export interface Entry {
  /** Relative to the data set's folder, with `/`. */
  readonly path: string;
  readonly label: number;
}

export type Partition = Readonly<Record<SplitName, readonly Entry[]>>;

/** Fixed for good: the splits of a folder must not depend on the seed of a run. */
const SPLIT_SEED = 45_000;

/**
 * Divides a folder's images into splits, class by class: without `test/` a tenth of each class is test, and
 * without `search/` a tenth of the remaining training images is search (rounded, at least one).
 * Images keep their natural order inside a split.
 *
 * @throws {InputError} naming the class that has too few images.
 */
export function partition(layout: Layout, folder: string): Partition {
  if (layout.kind === 'split' && layout.search) {
    return { train: entries(layout.train), search: entries(layout.search), test: entries(layout.test) };
  }
  const pool = layout.kind === 'split' ? layout.train : layout.all;
  const shares = pool.map((files, label) => {
    const parts = layout.kind === 'split' ? 2 : 3;
    if (files.length >= parts) return divide(files, label, layout.kind === 'one-pool');
    const names = parts === 2 ? 'train and search' : 'train, search and test';
    throw new InputError(
      `class '${layout.classes[label]}' in ${folder} has ${files.length} image${files.length === 1 ? '' : 's'}, ` +
        `at least ${parts} are needed to divide them into ${names}`,
    );
  });
  return {
    train: entries(shares.map((share) => share.train)),
    search: entries(shares.map((share) => share.search)),
    test: entries(layout.kind === 'split' ? layout.test : shares.map((share) => share.test)),
  };
}

/** Each class is drawn by a seed of its own, so that classes of one size are not all cut at the same places. */
function divide(files: ClassFiles, label: number, withTest: boolean): Record<SplitName, ClassFiles> {
  const test = withTest ? tenth(files.length) : 0;
  const search = tenth(files.length - test);
  const drawn = new Map<number, SplitName>();
  samplePermutation(files.length, SPLIT_SEED + label).forEach((file, position) => {
    drawn.set(file, position < test ? 'test' : position < test + search ? 'search' : 'train');
  });
  const of = (split: SplitName) => files.filter((_, file) => drawn.get(file) === split);
  return { train: of('train'), search: of('search'), test: of('test') };
}

function tenth(n: number): number {
  return Math.max(1, Math.round(n / 10));
}

function entries(classes: readonly ClassFiles[]): Entry[] {
  return classes.flatMap((files, label) => files.map((path) => ({ path, label })));
}
