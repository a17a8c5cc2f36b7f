import type { DoubleProduct } from '@espalier/engines';
import type { Gram } from './rows.ts';
import { type Solution, solve, squaredError } from './solve.ts';

/** How strongly weights are held where they are, as a share of the mean of the diagonal of X'X. */
export const REPAIR_LAMBDA = 1e-3;
/** Stronger holds, for where few images are known. */
const STRONGER = [1e-2, 1e-1, 1, 10, 100];
/** So many images say enough: what fits them fits others, too. */
const ENOUGH = 500;

/** A layer's rows: those that a solution is found by, and those that it is judged by. */
export interface Rows {
  readonly fit: Gram;
  readonly judge: Gram;
  /** That both are of. */
  readonly images: number;
}

export interface Held {
  readonly solution: Solution;
  readonly lambda: number;
  /** Of the rows that are held out, relative to the squares of what they should be. */
  readonly error: number;
}

/**
 * The solution for the rows of the fit, held towards the given weights as strongly as those held out ask for.
 *
 * With many images that is hardly at all. With few, least squares follows what is peculiar to them: a layer behind a
 * global pooling has one row an image, and rows of one image are alike. Then the strongest hold is taken whose error is
 * within the doubt about the least one: the one-standard-error rule (Breiman, Friedman, Olshen, Stone, "Classification
 * and Regression Trees", 1984), with one over the root of the number of rows held out as the doubt.
 *
 * @returns null where it is no better than the given weights, by more than the doubt where images are few
 */
export async function heldSolution(
  { fit, judge, images }: Rows,
  given: Solution,
  product: DoubleProduct,
): Promise<(Held & { readonly before: number }) | null> {
  const errorOf = (solution: Solution) => relativeError(judge, solution, product);
  const tried = async (lambda: number): Promise<Held> => {
    const solution = await solve(fit, given.weights, lambda, product);
    return { solution, lambda, error: await errorOf(solution) };
  };
  const before = await errorOf(given);
  const doubt = images >= ENOUGH ? 0 : 1 / Math.sqrt(judge.rows);
  let held = await tried(REPAIR_LAMBDA);
  let least = held.error;
  for (const lambda of doubt > 0 ? STRONGER : []) {
    const stronger = await tried(lambda);
    if (!(stronger.error <= least * (1 + doubt))) break;
    least = Math.min(least, stronger.error);
    held = stronger;
  }
  return held.error < before * (1 - doubt) ? { ...held, before } : null;
}

/** Squared error over the squares of what should be. */
export async function relativeError(gram: Gram, solution: Solution, product: DoubleProduct): Promise<number> {
  return (await squaredError(gram, solution, product)) / gram.yy.reduce((sum, square) => sum + square, 0);
}
