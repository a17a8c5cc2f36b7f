import { Prisma, type SamplePoint, type Transaction } from '@espalier/store';

/** A cell of the grid of a sampling run. */
export type SampledCell = Omit<SamplePoint, 'samplingRunId'>;

/** Rows are groups, columns ratios. */
type Matrix = readonly (readonly number[])[];

/** What is made of the cells. */
export interface SampledMatrices {
  readonly drop: Matrix;
  readonly monotoneDrop: Matrix;
  readonly contribution: Matrix;
  /** Of each group. */
  readonly importance: readonly number[];
}

/**
 * Writes what a sampling run has found, in place of what was there. A column goes as one array of PostgreSQL: of ten
 * thousand values that takes milliseconds, and each is read again as the very number that it was.
 */
export async function writeMatrices(
  transaction: Transaction,
  samplingRunId: string,
  cells: readonly SampledCell[],
  { drop, monotoneDrop, contribution, importance }: SampledMatrices,
): Promise<void> {
  await transaction.samplePoint.deleteMany({ where: { samplingRunId } });
  await transaction.contributionMatrix.deleteMany({ where: { samplingRunId } });
  const column = (name: keyof SampledCell, type: string) =>
    Prisma.sql`${arrayOf(cells.map((cell) => cell[name]))}::${Prisma.raw(type)}[]`;
  await transaction.$executeRaw`
    INSERT INTO "SamplePoint" ("samplingRunId", "groupIndex", "ratioIndex", "removed", "value", "top1", "top5", "loss",
      "images", "standardError", "inferred")
    SELECT ${samplingRunId}, x.* FROM unnest(${column('groupIndex', 'int')}, ${column('ratioIndex', 'int')},
      ${column('removed', 'int')}, ${column('value', 'float8')}, ${column('top1', 'float8')}, ${column('top5', 'float8')},
      ${column('loss', 'float8')}, ${column('images', 'int')}, ${column('standardError', 'float8')},
      ${column('inferred', 'bool')}) AS x`;
  await transaction.$executeRaw`
    INSERT INTO "ContributionMatrix" ("samplingRunId", "drop", "monotoneDrop", "contribution", "importance")
    VALUES (${samplingRunId}, ${arrayOf(drop.flat())}::float8[], ${arrayOf(monotoneDrop.flat())}::float8[],
      ${arrayOf(contribution.flat())}::float8[], ${arrayOf(importance)}::float8[])`;
}

/**
 * The literal of an array of PostgreSQL. Prisma would send numbers of an array through a parser that gets the last digit
 * wrong of some.
 */
export function arrayOf(values: readonly (number | boolean | string | null)[]): string {
  return `{${values.map((value) => (typeof value === 'string' ? quoted(value) : String(value))).join()}}`;
}

function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
}
