/** The distance from 1 to the next float32. */
const FLOAT32_EPSILON = 2 ** -23;

/**
 * The rank of a matrix: the pivots of a Gaussian elimination with complete pivoting, in double precision, that are
 * larger than max(rows, columns) * 2^-23 times the first one, which is the largest value of the matrix. That is the
 * usual tolerance for singular values of float32 data, by pivots instead: what rounding leaves of a dependent row lies
 * below it.
 *
 * @param values row-major, finite
 */
export function matrixRank(values: ArrayLike<number>, rows: number, columns: number): number {
  const rest = Float64Array.from(values);
  let pivot = largest(rest, 0, columns);
  const tolerance = pivot.size * Math.max(rows, columns) * FLOAT32_EPSILON;
  const most = Math.min(rows, columns);
  for (let rank = 0; rank < most; rank++) {
    if (pivot.size <= tolerance) return rank;
    swapRows(rest, columns, rank, Math.floor(pivot.at / columns));
    swapColumns(rest, columns, rank, pivot.at % columns);
    pivot = eliminate(rest, columns, rank);
  }
  return most;
}

interface Pivot {
  readonly at: number;
  /** Absolute. */
  readonly size: number;
}

function largest(values: Float64Array, from: number, columns: number): Pivot {
  let [at, size] = [0, 0];
  for (let i = from * columns; i < values.length; i++) {
    const value = Math.abs(values[i] ?? 0);
    if (value > size && i % columns >= from) [at, size] = [i, value];
  }
  return { at, size };
}

/** Clears the column below a pivot on the diagonal; returns the largest value of what is left. */
function eliminate(values: Float64Array, columns: number, k: number): Pivot {
  const rows = values.length / columns;
  const head = k * columns;
  const pivot = values[head + k] ?? 1;
  let [at, size] = [0, 0];
  for (let row = k + 1; row < rows; row++) {
    const start = row * columns;
    const factor = (values[start + k] ?? 0) / pivot;
    for (let column = k + 1; column < columns; column++) {
      const value = (values[start + column] ?? 0) - factor * (values[head + column] ?? 0);
      values[start + column] = value;
      const absolute = Math.abs(value);
      if (absolute > size) {
        at = start + column;
        size = absolute;
      }
    }
  }
  return { at, size };
}

function swapRows(values: Float64Array, columns: number, a: number, b: number): void {
  if (a === b) return;
  const row = values.slice(a * columns, (a + 1) * columns);
  values.copyWithin(a * columns, b * columns, (b + 1) * columns);
  values.set(row, b * columns);
}

function swapColumns(values: Float64Array, columns: number, a: number, b: number): void {
  if (a === b) return;
  for (let start = 0; start < values.length; start += columns) {
    const value = values[start + a] ?? 0;
    values[start + a] = values[start + b] ?? 0;
    values[start + b] = value;
  }
}
