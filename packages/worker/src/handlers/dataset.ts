import { InputError } from '@espalier/network';
import type { Dataset } from '@espalier/store';

/** What a worker opens a data set by. */
export function datasetName({ builtIn, name }: Pick<Dataset, 'builtIn' | 'name'>): string {
  if (builtIn === null) {
    throw new InputError(`data set "${name}" is not one that workers know by name`);
  }
  return builtIn;
}
