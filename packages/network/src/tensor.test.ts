import { expect, test } from 'vitest';
import { floatTensor, stridesOf, takeAlong } from './tensor.ts';

test('the entries of one axis, of every type, order kept', () => {
  const tensor = floatTensor([2, 3, 2], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  expect(takeAlong(tensor, 0, [1])).toEqual(floatTensor([1, 3, 2], [6, 7, 8, 9, 10, 11]));
  expect(takeAlong(tensor, 1, [0, 2])).toEqual(floatTensor([2, 2, 2], [0, 1, 4, 5, 6, 7, 10, 11]));
  expect(takeAlong(tensor, 2, [1])).toEqual(floatTensor([2, 3, 1], [1, 3, 5, 7, 9, 11]));
  expect(takeAlong({ dims: [3], data: BigInt64Array.of(5n, -6n, 7n) }, 0, [1, 2]).data).toEqual(
    BigInt64Array.of(-6n, 7n),
  );
});

test('a tensor holds as many values as its shape says', () => {
  expect(() => floatTensor([2, 2], [1, 2, 3])).toThrow('a tensor of shape [2,2] holds 4 values, not 3');
  expect(floatTensor([], [1]).data).toHaveLength(1);
});

test('row-major strides', () => {
  expect(stridesOf([2, 3, 4])).toEqual([12, 4, 1]);
  expect(stridesOf([])).toEqual([]);
});
