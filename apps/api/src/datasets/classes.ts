import { InputError } from '@espalier/errors';
import type { Dataset, DatasetSplit, Transaction } from '@espalier/store';

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

type NewSplit = Omit<DatasetSplit, 'datasetId' | 'classCounts'> & Partial<Pick<DatasetSplit, 'classCounts'>>;

/**
 * The row with these classes and splits, which had none. What is as long as the classes are many is written apart from
 * the other columns: Prisma's client compiles each value of a list into its query, for a third of a second where there
 * are ten thousand, and nobody else is answered meanwhile.
 */
export async function withClasses(
  transaction: Transaction,
  row: Dataset,
  { classes, splits }: { readonly classes: readonly string[]; readonly splits: readonly NewSplit[] },
): Promise<Dataset> {
  const names = [...classes];
  await transaction.$executeRaw`UPDATE "Dataset" SET "classes" = ${names} WHERE "id" = ${row.id}`;
  for (const { name, images, sha256, classCounts = [] } of splits) {
    await transaction.$executeRaw`
      INSERT INTO "DatasetSplit" ("datasetId", "name", "images", "sha256", "classCounts")
      VALUES (${row.id}, ${name}, ${images}, ${sha256}, ${classCounts})`;
  }
  return { ...row, classes: names };
}
