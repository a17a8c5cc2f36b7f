import type { DoubleProduct } from '@espalier/engines';
import { factorise, solveFactored } from './cholesky.ts';
import type { Gram } from './rows.ts';

/** Mean square of inputs below which their sums say nothing: in single precision squares of them vanish. */
const LEAST_SQUARE = 1e-30;

/** Weights of a layer as matrices: `weights` [groups, columns, filters], `bias` [groups, filters]. */
export interface Solution {
  readonly weights: Float64Array;
  readonly bias: Float64Array;
}

/**
 * The weights and the bias that minimise ||X W + b - Y||^2 + lambda * tr(X'X) / columns * ||W - W0||^2 in each
 * conv-group: least squares, held towards W0 where the rows do not say otherwise (Hoerl and Kennard, "Ridge
 * regression", Technometrics 1970). The bias is free: it follows from the means.
 *
 * @param given W0 [groups, columns, filters]
 */
export async function solve(
  gram: Gram,
  given: Float64Array,
  lambda: number,
  product: DoubleProduct,
): Promise<Solution> {
  const { groups, columns, filters } = gram;
  const weights = new Float64Array(given.length);
  const bias = new Float64Array(groups * filters);
  for (let g = 0; g < groups; g++) {
    const { xx, xy, means, targetMeans, trace } = centred(gram, g);
    const own = given.subarray(g * columns * filters, (g + 1) * columns * filters);
    const solved = weights.subarray(g * columns * filters, (g + 1) * columns * filters);
    const ridge = (lambda * trace) / columns;
    solved.set(own);
    // Inputs that are zero everywhere say nothing, so nothing is to be changed.
    if (trace > LEAST_SQUARE * gram.rows * columns) {
      // With W = W0 + D: (X'X + ridge) D = X'Y - X'X W0.
      addScaled(xy, await product.multiply(xx, own, columns), -1);
      for (let i = 0; i < columns; i++) xx[i * columns + i] = (xx[i * columns + i] as number) + ridge;
      await solveFactored(await factorise(xx, columns, product), xy, filters, product);
      addScaled(solved, xy, 1);
    }
    const shift = await product.multiply(means, solved, columns);
    for (let f = 0; f < filters; f++) bias[g * filters + f] = (targetMeans[f] ?? 0) - (shift[f] ?? 0);
  }
  return { weights, bias };
}

/** One conv-group's sums about the means of X and Y, and tr(X'X) as it is. */
export function centred({ columns, filters, rows, xx, xy }: Gram, g: number) {
  const width = columns + 1;
  const ownXx = xx.subarray(g * width * width, (g + 1) * width * width);
  const ownXy = xy.subarray(g * width * filters, (g + 1) * width * filters);
  const meansOf = (sums: Float64Array) => sums.map((sum) => sum / Math.max(1, rows));
  // The column of ones has made the sums.
  const sums = ownXx.subarray(columns * width, columns * width + columns);
  const targetSums = ownXy.subarray(columns * filters);
  const [means, targetMeans] = [meansOf(sums), meansOf(targetSums)];
  let trace = 0;
  const centredXx = new Float64Array(columns * columns);
  const centredXy = new Float64Array(columns * filters);
  for (let i = 0; i < columns; i++) {
    const mean = means[i] as number;
    trace += ownXx[i * width + i] as number;
    for (let j = 0; j < columns; j++)
      centredXx[i * columns + j] = (ownXx[i * width + j] as number) - mean * (sums[j] as number);
    for (let f = 0; f < filters; f++)
      centredXy[i * filters + f] = (ownXy[i * filters + f] as number) - mean * (targetSums[f] as number);
  }
  return { xx: centredXx, xy: centredXy, means, targetMeans, trace };
}

/** Weights and bias in one matrix a conv-group, the bias last: [groups, columns + 1, filters]. */
export function withBias(
  { groups, columns, filters }: Pick<Gram, 'groups' | 'columns' | 'filters'>,
  { weights, bias }: Solution,
): Float64Array {
  const size = columns * filters;
  const all = new Float64Array(groups * (size + filters));
  for (let g = 0; g < groups; g++) {
    all.set(weights.subarray(g * size, (g + 1) * size), g * (size + filters));
    all.set(bias.subarray(g * filters, (g + 1) * filters), g * (size + filters) + size);
  }
  return all;
}

/** The sum of ||X W + b - Y||^2 over the rows of a gram: of XW with itself, with Y, and of Y. */
export async function squaredError(gram: Gram, solution: Solution, product: DoubleProduct): Promise<number> {
  const { groups, columns, filters, xx, xy, yy } = gram;
  const width = columns + 1;
  const whole = withBias(gram, solution);
  let error = yy.reduce((sum, value) => sum + value, 0);
  for (let g = 0; g < groups; g++) {
    const all = whole.subarray(g * width * filters, (g + 1) * width * filters);
    const own = xy.subarray(g * width * filters, (g + 1) * width * filters);
    const computed = await product.multiply(
      xx.subarray(g * width * width, (g + 1) * width * width),
      all,
      width,
    );
    for (let i = 0; i < all.length; i++)
      error += (all[i] as number) * ((computed[i] as number) - 2 * (own[i] as number));
  }
  return error;
}

function addScaled(to: Float64Array, values: Float64Array, factor: number): void {
  for (let i = 0; i < to.length; i++) to[i] = (to[i] as number) + factor * (values[i] as number);
}
