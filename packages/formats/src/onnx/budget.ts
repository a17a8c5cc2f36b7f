import { InputError } from '@espalier/errors';

/** Files are small, and what they ask for may be large: a file may use so many times its size. */
export const MOST_NODES = 50_000;
/** More than any runtime takes. */
export const MOST_AXES = 16;
/** Of an axis that does not follow the batch. */
export const MOST_EXTENT = 2 ** 24;
/** Elements that any file may have computed, and so many times its own. */
const FREE_ELEMENTS = 2 ** 23;
const TIMES = 32;

/** What may still be computed while a file is read: elements of constants that are read and written, and extents of values. */
export class Budget {
  private left: number;

  /** @param bytes of the file */
  constructor(bytes: number) {
    this.left = FREE_ELEMENTS + (TIMES * bytes) / 4;
  }

  /** Constants that lie elsewhere. */
  add(elements: number): void {
    this.left += TIMES * elements;
  }

  /** @throws {InputError} once the file has used up its own */
  spend(elements: number): void {
    this.left -= elements;
    if (this.left < 0) {
      throw new InputError(
        'it needs far more memory than a file of its size should, for computed constants or the axes of its values; simplify it first (onnxsim)',
      );
    }
  }
}
