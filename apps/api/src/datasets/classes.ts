import { InputError } from '@espalier/errors';

/** Ten times those of ImageNet: they are in every list of data sets. */
const MOST_CLASSES = 10_000;
const MOST_LETTERS = 300_000;

/** @throws {InputError} for more classes, or longer names, than a platform takes */
export function checkClasses(name: string, classes: readonly string[]): void {
  const letters = classes.reduce((sum, each) => sum + each.length, 0);
  if (classes.length <= MOST_CLASSES && letters <= MOST_LETTERS) return;
  throw new InputError(
    `${name} has ${classes.length} classes with ${letters} letters in their names; a platform takes ${MOST_CLASSES} with ${MOST_LETTERS}`,
    'classes',
  );
}
