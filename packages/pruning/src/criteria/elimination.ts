import type { DoubleProduct } from '@espalier/engines';
import { factorise, invert, transposed } from '../repair/cholesky.ts';

/** A layer, or one of its conv-groups, that reads units: what it loses without them is a matter of least squares. */
export interface Reader {
  /** [columns, columns]: X'X about the means, all that it reads. Taken over. */
  readonly covariance: Float64Array;
  /** What weights are held with where they are: see `solve`. */
  readonly ridge: number;
  /** [columns, filters] */
  readonly weights: Float64Array;
  readonly filters: number;
  /** By unit of the group, its columns: the channels that it is, at every tap. */
  readonly columnsOf: readonly (readonly number[])[];
}

/** Rank of what is subtracted from the inverse at once. */
const BLOCK = 128;
const LEAST_LOSS = 1e-12;
/** Less tells units apart by the rounding of sums only. */
const TIE = 1e-6;

/**
 * What is lost with each unit and those that go before it: always the one goes next without which the readers lose
 * least when the weights that they have left are the best for it (see `solve`). With H = (X'X + ridge)^-1 that is
 * tr(W_j' (H_jj)^-1 W_j), less what the ridge holds of the weights given; without it W and H become those of what is
 * left by block elimination (Frantar, Singh, Alistarh, "Optimal brain compression", NeurIPS 2022; Kurtic, Frantar,
 * Alistarh, "ZipLM", NeurIPS 2023). Ties remove the higher unit first.
 *
 * @returns one a unit: the later it goes, the larger
 */
export async function eliminate(
  units: number,
  readers: readonly Reader[],
  product: DoubleProduct,
  signal?: AbortSignal,
): Promise<Float64Array> {
  const rest: Rest[] = [];
  for (const reader of readers) rest.push(await Rest.of(reader, product));
  const left = new Set(Array.from({ length: units }, (_, unit) => unit));
  const lost = new Float64Array(units);
  let sum = 0;
  while (left.size > 0) {
    signal?.throwIfAborted();
    let next = -1;
    let least = Number.POSITIVE_INFINITY;
    for (const unit of left) {
      // What costs nothing, or what a held weight was worth, must not turn the order round.
      const loss = Math.max(
        LEAST_LOSS,
        rest.reduce((all, reader) => all + reader.lossOf(unit), 0),
      );
      if (!(loss <= least * (1 + TIE))) continue;
      next = unit;
      least = Math.min(least, loss);
    }
    if (next < 0) throw new Error('what a unit is worth is not a number');
    left.delete(next);
    sum += least;
    lost[next] = sum;
    if (left.size > 0) for (const reader of rest) await reader.remove(next);
  }
  return lost;
}

/** A unit that is still there. */
interface Left {
  /** Its first row. */
  from: number;
  readonly size: number;
  /** [size, size]: its block of the inverse. */
  readonly block: Float64Array;
  /** ridge * ||W||^2 of the weights given. */
  readonly held: number;
  loss: number;
}

/** What a reader has left, the columns of other groups aside: they stay, and only the inverse knows of them. */
class Rest {
  private readonly product: DoubleProduct;
  private readonly filters: number;
  private readonly left: Map<number, Left>;
  /** [rows, filters] */
  private weights: Float64Array;
  /** [rows, rows]: to be lessened by pending times itself. */
  private inverse: Float64Array;
  private rows: number;
  /** [rows, most], of which `pendingColumns` are filled. */
  private pending: Float64Array;
  private pendingColumns = 0;
  private readonly most: number;

  static async of(reader: Reader, product: DoubleProduct): Promise<Rest> {
    const { covariance, ridge, columnsOf, filters, weights } = reader;
    const n = weights.length / filters;
    for (let i = 0; i < n; i++) covariance[i * n + i] = (covariance[i * n + i] as number) + ridge;
    const inverse = await invert(await factorise(covariance, n, product), product);
    const taken = columnsOf.flat();
    const own = new Float64Array(taken.length * filters);
    taken.forEach((column, row) => {
      own.set(weights.subarray(column * filters, (column + 1) * filters), row * filters);
    });
    return new Rest(reader, own, square(inverse, n, taken), product);
  }

  private constructor(
    { columnsOf, filters, ridge }: Reader,
    weights: Float64Array,
    inverse: Float64Array,
    product: DoubleProduct,
  ) {
    this.product = product;
    this.filters = filters;
    this.weights = weights;
    this.inverse = inverse;
    this.rows = weights.length / filters;
    this.most = BLOCK + Math.max(...columnsOf.map(({ length }) => length));
    this.pending = new Float64Array(this.rows * this.most);
    this.left = new Map();
    let from = 0;
    for (const [unit, { length: size }] of columnsOf.entries()) {
      if (size === 0) continue;
      let held = 0;
      for (let at = from * filters; at < (from + size) * filters; at++)
        held += ridge * (weights[at] as number) ** 2;
      const rows = Array.from({ length: size }, (_, row) => from + row);
      const left: Left = { from, size, block: square(inverse, this.rows, rows), held, loss: 0 };
      left.loss = this.lossWithout(left);
      this.left.set(unit, left);
      from += size;
    }
  }

  /** What its output loses without a unit, those removed before apart. */
  lossOf(unit: number): number {
    return this.left.get(unit)?.loss ?? 0;
  }

  async remove(unit: number): Promise<void> {
    const gone = this.left.get(unit);
    if (!gone) return;
    this.left.delete(unit);
    const { size, from } = gone;
    const { filters, pending, most, pendingColumns } = this;
    const factor = factorOf(gone.block, size);
    // U = H_p L^-T, so that H loses U U', and Y = L^-1 W_p, so that W loses U Y.
    const shares = this.weights.slice(from * filters, (from + size) * filters);
    solveLower(factor, size, shares, filters);
    for (const left of this.left.values()) {
      for (let row = left.from; row < left.from + left.size; row++) {
        const at = row * most + pendingColumns;
        for (let k = 0; k < size; k++) {
          let value = this.inverse[row * this.rows + from + k] as number;
          const other = (from + k) * most;
          for (let c = 0; c < pendingColumns; c++)
            value -= (pending[row * most + c] as number) * (pending[other + c] as number);
          for (let c = 0; c < k; c++) value -= (pending[at + c] as number) * (factor[k * size + c] as number);
          pending[at + k] = value / (factor[k * size + k] as number);
        }
      }
      this.lessen(left, shares, size);
      left.loss = this.lossWithout(left);
    }
    this.pendingColumns += size;
    if (this.pendingColumns >= BLOCK) await this.settle();
  }

  /** Takes the last columns of what is pending out of a unit's block and weights. */
  private lessen({ from, size, block }: Left, shares: Float64Array, columns: number): void {
    const { filters, weights, pending, most, pendingColumns } = this;
    for (let i = 0; i < size; i++) {
      const row = (from + i) * most + pendingColumns;
      const start = (from + i) * filters;
      for (let c = 0; c < columns; c++) {
        const factor = pending[row + c] as number;
        for (let j = 0; j < size; j++)
          block[i * size + j] =
            (block[i * size + j] as number) -
            factor * (pending[(from + j) * most + pendingColumns + c] as number);
        const share = c * filters;
        for (let f = 0; f < filters; f++)
          weights[start + f] = (weights[start + f] as number) - factor * (shares[share + f] as number);
      }
    }
  }

  private lossWithout({ from, size, block, held }: Left): number {
    const { filters } = this;
    const solved = this.weights.slice(from * filters, (from + size) * filters);
    solveLower(factorOf(block, size), size, solved, filters);
    let loss = -held;
    for (let i = 0; i < solved.length; i++) loss += (solved[i] as number) ** 2;
    return loss;
  }

  /** Takes what is pending out of the inverse, and the rows of removed units with it. */
  private async settle(): Promise<void> {
    const { filters, most, pendingColumns } = this;
    const rows = [...this.left.values()].flatMap(({ from, size }) =>
      Array.from({ length: size }, (_, row) => from + row),
    );
    const pending = new Float64Array(rows.length * pendingColumns);
    const weights = new Float64Array(rows.length * filters);
    for (const [to, row] of rows.entries()) {
      pending.set(this.pending.subarray(row * most, row * most + pendingColumns), to * pendingColumns);
      weights.set(this.weights.subarray(row * filters, (row + 1) * filters), to * filters);
    }
    const inverse = square(this.inverse, this.rows, rows);
    if (rows.length > 0) {
      const turned = transposed(pending, pendingColumns);
      const explained = await this.product.multiply(pending, turned, pendingColumns);
      for (let i = 0; i < inverse.length; i++) inverse[i] = (inverse[i] as number) - (explained[i] as number);
    }
    let from = 0;
    for (const left of this.left.values()) {
      left.from = from;
      from += left.size;
    }
    Object.assign(this, { weights, inverse, rows: rows.length, pendingColumns: 0 });
    this.pending = new Float64Array(rows.length * most);
  }
}

/** Some rows and columns of a square matrix. */
function square(matrix: Float64Array, n: number, taken: readonly number[]): Float64Array {
  const result = new Float64Array(taken.length ** 2);
  let to = 0;
  for (const row of taken) for (const column of taken) result[to++] = matrix[row * n + column] as number;
  return result;
}

/** L with A = L L', of a small matrix. */
function factorOf(a: Float64Array, n: number): Float64Array {
  const factor = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j] as number;
      for (let k = 0; k < j; k++) sum -= (factor[i * n + k] as number) * (factor[j * n + k] as number);
      factor[i * n + j] = i === j ? Math.sqrt(sum) : sum / (factor[j * n + j] as number);
    }
  }
  return factor;
}

/** L^-1 B in place, B [n, columns]. */
function solveLower(factor: Float64Array, n: number, b: Float64Array, columns: number): void {
  for (let i = 0; i < n; i++) {
    const row = i * columns;
    for (let k = 0; k < i; k++) {
      const share = factor[i * n + k] as number;
      for (let c = 0; c < columns; c++)
        b[row + c] = (b[row + c] as number) - share * (b[k * columns + c] as number);
    }
    const scale = 1 / (factor[i * n + i] as number);
    for (let c = 0; c < columns; c++) b[row + c] = (b[row + c] as number) * scale;
  }
}
