import { seededRandom } from '@espalier/datasets';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type DoubleProduct, openDoubleProduct } from './double-product.ts';

let product: DoubleProduct;
beforeAll(async () => {
  product = await openDoubleProduct(1);
});
afterAll(() => product.dispose());

it('multiplies matrices that are not square', async () => {
  const [a, b] = [Float64Array.of(1, 2, 3, 4, 5, 6), Float64Array.of(1, 0, -1, 2, 0.5, 3)];
  expect([...(await product.multiply(a, b, 3))]).toEqual([0.5, 13, 2, 28]);
});

it('is the same by plain JavaScript and by the runtime', async () => {
  const random = seededRandom(7);
  const matrix = (size: number) => Float64Array.from({ length: size }, () => random() - 0.5);
  // By itself a block of rows is small, and all of them together are not.
  const [rows, inner, columns] = [64, 40, 20];
  const [a, b] = [matrix(rows * inner), matrix(inner * columns)];
  const whole = await product.multiply(a, b, inner);
  const half = (rows / 2) * inner;
  const parts = [
    ...(await product.multiply(a.subarray(0, half), b, inner)),
    ...(await product.multiply(a.subarray(half), b, inner)),
  ];
  expect(whole).toHaveLength(rows * columns);
  whole.forEach((value, i) => {
    expect(parts[i]).toBeCloseTo(value, 12);
  });
});
