import { type DoubleProduct, openDoubleProduct } from '@espalier/engines';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { draw, drawAnew, gramOf, type Matrix, matrix, times } from '../../test/matrices.ts';
import { heldSolution, REPAIR_LAMBDA, relativeError } from './held.ts';
import { type Solution, solve } from './solve.ts';

let product: DoubleProduct;
beforeAll(async () => {
  product = await openDoubleProduct(1);
});
afterAll(() => product.dispose());

drawAnew();
const COLUMNS = 24;
const FILTERS = 3;
/** The weights as cut, and what would be right: a little off. */
const cut = matrix(COLUMNS, FILTERS);
const right = cut.map((row) => row.map((weight) => weight + 0.3 * draw()));
const given: Solution = {
  weights: Float64Array.from(cut.flat()),
  bias: new Float64Array(FILTERS),
};

/** Rows of inputs, and outputs of these weights with this much noise. */
function rows(count: number, weights: Matrix, noise: number) {
  const x = matrix(count, COLUMNS);
  return gramOf(
    x,
    times(x, weights).map((row) => row.map((value) => value + noise * draw())),
  );
}

it('hardly holds weights where there are many images', async () => {
  const [fit, judge] = [rows(60, right, 1), rows(20, right, 1)];
  const held = await heldSolution({ fit, judge, images: 500 }, given, product);
  expect(held?.lambda).toBe(REPAIR_LAMBDA);
  expect(held?.solution).toEqual(await solve(fit, given.weights, REPAIR_LAMBDA, product));
  expect(held?.error).toBe(await relativeError(judge, held?.solution ?? given, product));
  expect(held?.before).toBe(await relativeError(judge, given, product));
});

it('holds weights more strongly where few images say little, and is nearer to the truth for it', async () => {
  const [fit, judge, all] = [rows(20, right, 1), rows(400, right, 1), rows(3000, right, 0)];
  const held = await heldSolution({ fit, judge, images: 25 }, given, product);
  expect(held?.lambda).toBeGreaterThan(REPAIR_LAMBDA);
  const free = await solve(fit, given.weights, REPAIR_LAMBDA, product);
  const [own, others, before] = [
    await relativeError(all, held?.solution ?? given, product),
    await relativeError(all, free, product),
    await relativeError(all, given, product),
  ];
  expect(own).toBeLessThan(0.5 * others);
  expect(own).toBeLessThan(before);
});

it('holds weights as strongly as gets the error smaller', async () => {
  // Right already but for the bias, which none holds: each gives about the same.
  const [fit, judge] = [rows(2000, cut, 0.1), rows(50, cut, 0.1)];
  const shifted = { ...given, bias: Float64Array.from([5, 5, 5]) };
  const held = await heldSolution({ fit, judge, images: 25 }, shifted, product);
  expect(held?.lambda).toBe(100);
  expect(held?.error).toBeLessThan(0.1 * (held?.before ?? 0));
});

it('leaves weights where others are better by less than few rows can tell', async () => {
  const slightly = cut.map((row) => row.map((weight) => weight + 0.07 * draw()));
  const [fit, judge] = [rows(2000, slightly, 1), rows(36, slightly, 1)];
  expect(await heldSolution({ fit, judge, images: 500 }, given, product)).not.toBeNull();
  expect(await heldSolution({ fit, judge, images: 499 }, given, product)).toBeNull();
});
