import type { Gram } from '../src/repair/rows.ts';

const FIRST = 1;
let state = FIRST;

/** Each file begins with it: whatever ran before in the same process, it draws the same numbers. */
export function drawAnew(): void {
  state = FIRST;
}

/** About normal. */
export function draw(): number {
  let sum = -6;
  for (let i = 0; i < 12; i++) {
    state = (state * 1664525 + 1013904223) % 2 ** 32;
    sum += state / 2 ** 32;
  }
  return sum;
}

export type Matrix = readonly (readonly number[])[];
export const matrix = (rows: number, columns: number, at: (i: number, j: number) => number = draw): Matrix =>
  Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (_, j) => at(i, j)));

export const times = (a: Matrix, b: Matrix): Matrix =>
  a.map((row) =>
    (b[0] ?? []).map((_, j) => row.reduce((sum, value, k) => sum + value * (b[k]?.[j] ?? 0), 0)),
  );
export const turned = (a: Matrix): Matrix => (a[0] ?? []).map((_, j) => a.map((row) => row[j] ?? 0));

/** One conv-group. */
export function gramOf(x: Matrix, y: Matrix): Gram {
  const withOnes = x.map((row) => [...row, 1]);
  const flat = (m: Matrix) => Float64Array.from(m.flat());
  return {
    ...{ groups: 1, columns: x[0]?.length ?? 0, filters: y[0]?.length ?? 0, rows: x.length },
    xx: flat(times(turned(withOnes), withOnes)),
    xy: flat(times(turned(withOnes), y)),
    yy: Float64Array.from(turned(y), (column) => column.reduce((sum, value) => sum + value ** 2, 0)),
  };
}
