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

/** Fixed permanently: the splits of a folder must not depend on the seed of a run. */
const SPLIT_SEED = 45_000;

/**
 * Divides a folder's images into splits, class by class: without a test split a tenth of each class of train is test,
 * and without a search split a tenth of what is left is search (rounded, at least one). What is held for both gives a
 * half to each. Images keep their natural order inside a split.
 *
 * @throws {InputError} naming the class that has too few images.
 */
export function partition({ classes, train, search, test, held }: Layout, folder: string): Partition {
  const parts: SplitName[] = held
    ? ['search', 'test']
    : ['train', ...(search ? [] : ['search' as const]), ...(test ? [] : ['test' as const])];
  const shares = (held ?? train).map((files, label) => {
    if (held || files.length >= parts.length) return divide(files, label, parts);
    throw new InputError(
      `${classes.length > 0 ? `class '${classes[label]}' in ` : ''}${folder} has ${files.length} image${files.length === 1 ? '' : 's'}, ` +
        `at least ${parts.length} are needed to divide them into ${parts.join(', ').replace(/, (\w+)$/, ' and $1')}`,
    );
  });
  const of = (split: SplitName, given: readonly ClassFiles[] | null) =>
    entries(parts.includes(split) ? shares.map((share) => share[split]) : (given ?? []));
  return { train: of('train', train), search: of('search', search), test: of('test', test) };
}

/** Each class is drawn by a separate seed, so that classes of one size are not all cut at the same places. */
function divide(
  files: ClassFiles,
  label: number,
  parts: readonly SplitName[],
): Record<SplitName, ClassFiles> {
  const n = files.length;
  const half = Math.ceil(n / 2);
  const test = !parts.includes('test') ? 0 : parts.includes('train') ? tenth(n) : half;
  const search = !parts.includes('search') ? 0 : parts.includes('train') ? tenth(n - test) : n - half;
  const drawn = new Map<number, SplitName>();
  samplePermutation(n, SPLIT_SEED + label).forEach((file, position) => {
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
