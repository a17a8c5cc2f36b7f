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
 * global pooling has one row an image, and rows of one image are alike. So holds are tried, each ten times as strong as
 * the one before, while the error on the rows held out gets smaller. A gain that is smaller than one over the root of
 * their number is no gain: it may be theirs alone.
 *
 * @returns null where there is no gain over the given weights
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
  let held = await tried(REPAIR_LAMBDA);
  for (const lambda of images < ENOUGH ? STRONGER : []) {
    const stronger = await tried(lambda);
    if (!(stronger.error < held.error)) break;
    held = stronger;
  }
  const doubt = images < ENOUGH ? 1 / Math.sqrt(judge.rows) : 0;
  return held.error < before * (1 - doubt) ? { ...held, before } : null;
}

/** Squared error over the squares of what should be. */
export async function relativeError(gram: Gram, solution: Solution, product: DoubleProduct): Promise<number> {
  return (await squaredError(gram, solution, product)) / gram.yy.reduce((sum, square) => sum + square, 0);
}
