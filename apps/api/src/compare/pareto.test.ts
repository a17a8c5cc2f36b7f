import fc from 'fast-check';
import { expect, it } from 'vitest';
import { paretoFront } from './pareto.ts';

const value = fc.option(fc.integer({ min: 0, max: 12 }), { nil: null, freq: 6 });

it('keeps exactly the points that no other one beats', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(value, value), { maxLength: 40 }), (points) => {
      const front = paretoFront(
        points.map(([accuracy]) => accuracy),
        points.map(([, cost]) => cost),
      );
      const beats = ([a, c]: [number | null, number | null], [high, low]: [number, number]) =>
        a !== null && c !== null && a >= high && c <= low && (a > high || c < low);
      const plain = points.map(
        ([high, low]) => high !== null && low !== null && !points.some((other) => beats(other, [high, low])),
      );
      expect(front).toEqual(plain);
    }),
  );
});

it('an unknown value is on no front, and equal points stand together', () => {
  expect(paretoFront([0.9, 0.9, null, 0.8, 0.7, 0.95], [5, 5, 1, 3, 4, null])).toEqual([
    true,
    true,
    false,
    true,
    false,
    false,
  ]);
  expect(paretoFront([], [])).toEqual([]);
});
