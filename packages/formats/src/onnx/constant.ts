import { type DataType, type Shape, type StoredType, sizeOf } from '@espalier/network';

/** A tensor of the file whose values are known while it is read: a weight, a shape, an index. */
export interface Constant {
  readonly kind: 'float' | 'int' | 'bool';
  /** Default: float32, int64 or bool. Floats of another width count as float32. */
  readonly type?: DataType | undefined;
  readonly dims: Shape;
  /** Float32Array for floats. Integers and truth values are held as doubles, exact up to 2^53. */
  readonly data: Float32Array | Float64Array;
  /** Of floats that the file keeps otherwise than as float32. */
  readonly stored?: StoredType | undefined;
}

/**
 * Something that is known for two batch sizes: where both are equal it does not depend on the batch, where
 * they differ it follows it.
 */
export type Probed<T> = readonly [T, T];

/** Primes, so that no other extent of a network is a multiple of one by chance. */
export const PROBE_BATCHES: Probed<number> = [1009, 7919];

/** Enough for every table of indices. */
export const MOST_ELEMENTS = 1 << 22;

/**
 * A constant that was computed from others with `madeOf` elements in all. Throws where it would be far
 * larger than they are: such a file is broken.
 */
export function makeConstant(
  of: Constant['kind'] | Pick<Constant, 'kind' | 'type'>,
  dims: Shape,
  madeOf: number,
  fill?: (index: number) => number,
): Constant {
  const { kind, type } = typeof of === 'string' ? { kind: of, type: undefined } : of;
  const size = sizeOf(dims);
  const possible = dims.every((extent) => Number.isInteger(extent) && extent >= 0);
  if (!possible || size > Math.max(MOST_ELEMENTS, madeOf)) {
    throw new Error(`a constant of shape [${dims}] is too large to be computed while the file is read`);
  }
  const data = kind === 'float' ? new Float32Array(size) : new Float64Array(size);
  if (fill) for (let i = 0; i < size; i++) data[i] = fill(i);
  return { kind, type, dims, data };
}

/** Of its elements, as a node reads them. */
export function constantType({ kind, type }: Constant): DataType {
  return type ?? (kind === 'float' ? 'float32' : kind === 'int' ? 'int64' : 'bool');
}

/** A list of integers. */
export function intConstant(values: readonly number[]): Constant {
  return { kind: 'int', dims: [values.length], data: Float64Array.from(values) };
}

export function sameConstant([a, b]: Probed<Constant>): boolean {
  if (a === b) return true;
  return sameShape([a.dims, b.dims]) && a.data.every((value, i) => value === b.data[i]);
}

export function sameShape([a, b]: Probed<Shape>): boolean {
  return a.length === b.length && a.every((extent, axis) => extent === b[axis]);
}

/** Computes something for both batch sizes. */
export function probe<T>(compute: (which: 0 | 1) => T): Probed<T> {
  return [compute(0), compute(1)];
}

/**
 * The shortest decimal number that is this one in single precision: 1e-5, not 0.000009999999747378752.
 */
export function shortestDecimal(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const decimal = Number(value.toPrecision(digits));
    if (Math.fround(decimal) === Math.fround(value)) return decimal;
  }
  return value;
}
