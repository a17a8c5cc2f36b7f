import type { DoubleProduct } from '@espalier/engines';

/** Columns of a block: small enough for plain JavaScript, large enough for the products to pay. */
const BLOCK = 128;

/** A block of columns of the factor L, from its diagonal on. */
interface Panel {
  /** Its first column. */
  readonly from: number;
  readonly width: number;
  /** [n - from - width, width]: what lies below the diagonal block. */
  readonly below: Float64Array;
  /** The inverse of the diagonal block, [width, width], lower. */
  readonly inverse: Float64Array;
}

/** L with A = L L', lower, in blocks of columns. */
export interface Factor {
  readonly n: number;
  readonly panels: readonly Panel[];
}

/**
 * Factorises a symmetric positive definite matrix, block by block (Golub and Van Loan, "Matrix computations", 4th
 * edition, section 4.2.6, left-looking), products in double precision by the runtime.
 *
 * @param a [n, n], row by row; not changed
 * @throws {Error} where the matrix is not positive definite
 */
export async function factorise(a: Float64Array, n: number, product: DoubleProduct): Promise<Factor> {
  const panels: Panel[] = [];
  for (let from = 0; from < n; from += BLOCK) {
    const width = Math.min(BLOCK, n - from);
    /** Columns from .. from + width of A, rows from `from` on, less what the panels before account for. */
    const rest = new Float64Array((n - from) * width);
    for (let i = from; i < n; i++) {
      rest.set(a.subarray(i * n + from, i * n + from + width), (i - from) * width);
    }
    for (const before of panels) {
      const rows = before.below.subarray((from - before.from - before.width) * before.width);
      const own = transposed(rows.subarray(0, width * before.width), before.width);
      subtract(rest, await product.multiply(rows, own, before.width));
    }
    const inverse = inverseFactor(rest.subarray(0, width * width), width);
    const tail = rest.subarray(width * width);
    const below =
      tail.length > 0 ? await product.multiply(tail, transposed(inverse, width), width) : new Float64Array();
    panels.push({ from, width, below, inverse });
  }
  return { n, panels };
}

/**
 * Solves A X = B in place.
 *
 * @param b [n, columns], row by row
 */
export async function solveFactored(
  { n, panels }: Factor,
  b: Float64Array,
  columns: number,
  product: DoubleProduct,
): Promise<void> {
  const rows = (from: number, to: number) => b.subarray(from * columns, to * columns);
  for (const { from, width, below, inverse } of panels) {
    const own = rows(from, from + width);
    own.set(await product.multiply(inverse, own, width));
    if (below.length > 0) subtract(rows(from + width, n), await product.multiply(below, own, width));
  }
  for (const { from, width, below, inverse } of panels.toReversed()) {
    const own = rows(from, from + width);
    const solved = rows(from + width, n);
    if (below.length > 0)
      subtract(own, await product.multiply(transposed(below, width), solved, below.length / width));
    own.set(await product.multiply(transposed(inverse, width), own, width));
  }
}

/** A^-1, [n, n]: panel by panel of its columns, what lies above the diagonal by symmetry. */
export async function invert({ n, panels }: Factor, product: DoubleProduct): Promise<Float64Array> {
  const inverse = new Float64Array(n * n);
  for (const [index, { from, width }] of panels.entries()) {
    // Above its diagonal block a column of the identity is zero, and so is what the factor makes of it.
    const later = panels.slice(index).map((panel) => ({ ...panel, from: panel.from - from }));
    const columns = new Float64Array((n - from) * width);
    for (let i = 0; i < width; i++) columns[i * width + i] = 1;
    await solveFactored({ n: n - from, panels: later }, columns, width, product);
    for (let i = from; i < n; i++) {
      for (let j = 0; j < width; j++) {
        const value = columns[(i - from) * width + j] as number;
        inverse[i * n + from + j] = value;
        inverse[(from + j) * n + i] = value;
      }
    }
  }
  return inverse;
}

/** The inverse of the lower factor of a small matrix, which is overwritten with the factor. */
function inverseFactor(a: Float64Array, n: number): Float64Array {
  const at = (m: Float64Array, i: number, j: number) => m[i * n + j] as number;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = at(a, i, j);
      for (let k = 0; k < j; k++) sum -= at(a, i, k) * at(a, j, k);
      if (i === j && !(sum > 0)) throw new Error('the matrix is not positive definite');
      a[i * n + j] = i === j ? Math.sqrt(sum) : sum / at(a, j, j);
    }
  }
  const inverse = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    inverse[j * n + j] = 1 / at(a, j, j);
    for (let i = j + 1; i < n; i++) {
      let sum = 0;
      for (let k = j; k < i; k++) sum -= at(a, i, k) * at(inverse, k, j);
      inverse[i * n + j] = sum / at(a, i, i);
    }
  }
  return inverse;
}

/** @param a [rows, columns] */
export function transposed(a: Float64Array, columns: number): Float64Array {
  const rows = a.length / columns;
  const result = new Float64Array(a.length);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) result[j * rows + i] = a[i * columns + j] as number;
  return result;
}

function subtract(from: Float64Array, values: Float64Array): void {
  for (let i = 0; i < from.length; i++) from[i] = (from[i] as number) - (values[i] as number);
}
