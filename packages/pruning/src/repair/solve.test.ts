import { type DoubleProduct, openDoubleProduct } from '@espalier/engines';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { draw, drawAnew, gramOf, type Matrix, matrix, times, turned } from '../../test/matrices.ts';
import type { Gram } from './rows.ts';
import { type Solution, solve, squaredError } from './solve.ts';

let product: DoubleProduct;
beforeAll(async () => {
  product = await openDoubleProduct(1);
});
afterAll(() => product.dispose());

drawAnew();

/** By elimination with pivoting of the normal equations as they stand, with the bias as a further unknown. */
function byElimination(x: Matrix, y: Matrix, given: Matrix, lambda: number): Matrix {
  const withOnes = x.map((row) => [...row, 1]);
  const d = given.length;
  const ridge = (lambda * x.flat().reduce((sum, value) => sum + value ** 2, 0)) / d;
  const left = times(turned(withOnes), withOnes).map((row, i) =>
    row.map((value, j) => value + (i === j && i < d ? ridge : 0)),
  );
  const right = times(turned(withOnes), y).map((row, i) =>
    row.map((value, f) => value + (i < d ? ridge * (given[i]?.[f] ?? 0) : 0)),
  );
  const rows = left.map((row, i) => [...row, ...(right[i] ?? [])]);
  for (let column = 0; column <= d; column++) {
    const below = rows.slice(column).map((row) => Math.abs(row[column] ?? 0));
    const pivot = column + below.indexOf(Math.max(...below));
    [rows[column], rows[pivot]] = [rows[pivot] ?? [], rows[column] ?? []];
    const head = rows[column] ?? [];
    rows.forEach((row, i) => {
      if (i === column) return;
      const factor = (row[column] ?? 0) / (head[column] ?? 1);
      for (let j = column; j < row.length; j++) row[j] = (row[j] ?? 0) - factor * (head[j] ?? 0);
    });
  }
  return rows.map((row, i) => row.slice(d + 1).map((value) => value / (row[i] ?? 1)));
}

const solved = (x: Matrix, y: Matrix, given: Matrix, lambda = 1e-3) =>
  solve(gramOf(x, y), Float64Array.from(given.flat()), lambda, product);

function expectEqual({ weights, bias }: Solution, expected: Matrix): void {
  const all = [...weights, ...bias];
  expected.flat().forEach((value, i) => {
    expect(Math.abs((all[i] ?? Number.NaN) - value)).toBeLessThan(1e-7);
  });
}

describe('solve', () => {
  it.each([
    [40, 5, 3],
    [400, 150, 4],
    [300, 128, 1],
  ])('%i rows, %i inputs and %i filters: the weights of another solver', async (rows, d, filters) => {
    const [x, given] = [matrix(rows, d), matrix(d, filters)];
    const y = times(x, matrix(d, filters)).map((row) => row.map((value) => value + draw() + 2));
    expectEqual(await solved(x, y, given), byElimination(x, y, given, 1e-3));
  });

  it('leaves the weights where they are right already, however strongly it holds them', async () => {
    const [x, given] = [matrix(200, 30), matrix(30, 4)];
    const y = times(x, given).map((row) => row.map((value, f) => value + f));
    const { weights, bias } = await solved(x, y, given, 10);
    given.flat().forEach((value, i) => {
      expect(weights[i]).toBeCloseTo(value, 10);
    });
    [0, 1, 2, 3].forEach((shift) => {
      expect(bias[shift]).toBeCloseTo(shift, 10);
    });
  });

  it('leaves the weights of inputs that are always zero', async () => {
    const x = matrix(100, 6, (_, j) => (j === 2 ? 0 : draw()));
    const given = matrix(6, 2);
    const { weights } = await solved(x, matrix(100, 2), given);
    expect([weights[4], weights[5]]).toEqual(given[2]);
    const dead = await solved(
      matrix(20, 3, () => 0),
      matrix(20, 2, () => 7),
      matrix(3, 2, () => 1),
    );
    expect([...dead.weights]).toEqual([1, 1, 1, 1, 1, 1]);
    expect([...dead.bias]).toEqual([7, 7]);
  });

  it('leaves the weights of inputs whose squares vanish in single precision', async () => {
    // As summed for a channel that is dead: the sums of squares are smaller than the square of the sum.
    const gram: Gram = {
      ...{ groups: 1, columns: 2, filters: 1, rows: 6500 },
      xx: Float64Array.of(1.1e-43, 1.1e-43, -4.6e-20, 1.1e-43, 1.1e-43, -4.7e-20, -4.6e-20, -4.7e-20, 6500),
      xy: Float64Array.of(-4.6e-20, -4.7e-20, 6500),
      yy: Float64Array.of(6500),
    };
    const { weights, bias } = await solve(gram, Float64Array.of(0.5, -2), 1e-3, product);
    expect([...weights]).toEqual([0.5, -2]);
    expect(bias[0]).toBeCloseTo(1, 12);
  });

  it('shares a change between inputs that are equal', async () => {
    const column = matrix(100, 1);
    const x = column.map(([value = 0]) => [value, value]);
    const y = column.map(([value = 0]) => [3 * value]);
    const { weights } = await solved(
      x,
      y,
      matrix(2, 1, () => 1),
      1e-9,
    );
    expect(weights[0]).toBeCloseTo(1.5, 6);
    expect(weights[1]).toBeCloseTo(1.5, 6);
  });

  it('takes fewer rows than unknowns', async () => {
    const [x, y, given] = [matrix(10, 40), matrix(10, 2), matrix(40, 2)];
    const solution = await solved(x, y, given);
    expectEqual(solution, byElimination(x, y, given, 1e-3));
    expect([...solution.weights].every(Number.isFinite)).toBe(true);
  });

  it('solves each conv-group by itself', async () => {
    const parts = [1, 2].map(() => ({ x: matrix(50, 4), y: matrix(50, 2), given: matrix(4, 2) }));
    const grams = parts.map(({ x, y }) => gramOf(x, y));
    const join = (of: 'xx' | 'xy' | 'yy') => Float64Array.from(grams.flatMap((gram) => [...gram[of]]));
    const together: Gram = {
      ...{ groups: 2, columns: 4, filters: 2, rows: 50 },
      ...{ xx: join('xx'), xy: join('xy'), yy: join('yy') },
    };
    const given = Float64Array.from(parts.flatMap((part) => part.given.flat()));
    const { weights, bias } = await solve(together, given, 1e-3, product);
    for (const [g, { x, y, given: own }] of parts.entries()) {
      const alone = await solved(x, y, own);
      expect([...weights.subarray(g * 8, g * 8 + 8)]).toEqual([...alone.weights]);
      expect([...bias.subarray(g * 2, g * 2 + 2)]).toEqual([...alone.bias]);
    }
  });
});

it('tells the squared error of a solution from the sums alone', async () => {
  const [x, y, given] = [matrix(60, 7), matrix(60, 3), matrix(7, 3)];
  const bias = [0.5, -1, 2];
  const computed = times(x, given);
  const error = y
    .flatMap((row, i) => row.map((value, f) => (computed[i]?.[f] ?? 0) + (bias[f] ?? 0) - value))
    .reduce((sum, value) => sum + value ** 2, 0);
  const solution = { weights: Float64Array.from(given.flat()), bias: Float64Array.from(bias) };
  expect(await squaredError(gramOf(x, y), solution, product)).toBeCloseTo(error, 8);
});
