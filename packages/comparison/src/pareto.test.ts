import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Objective, paretoFront } from './pareto.ts';

// Few values, so that ties are the rule.
const value = fc.option(fc.integer({ min: -6, max: 6 }), { nil: null, freq: 6 });
const better = fc.constantFrom('higher' as const, 'lower' as const);

it('keeps exactly the points that no other one beats, whichever way is better', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(value, value), { maxLength: 40 }), better, better, (points, one, two) => {
      const front = paretoFront(
        { values: points.map(([a]) => a), better: one },
        { values: points.map(([, b]) => b), better: two },
      );
      const atLeast = (way: Objective['better'], x: number, y: number) =>
        way === 'higher' ? x >= y : x <= y;
      const beats = ([a, b]: [number | null, number | null], [c, d]: [number, number]) =>
        a !== null && b !== null && atLeast(one, a, c) && atLeast(two, b, d) && (a !== c || b !== d);
      const plain = points.map(
        ([a, b]) => a !== null && b !== null && !points.some((other) => beats(other, [a, b])),
      );
      expect(front).toEqual(plain);
    }),
  );
});

it('an unknown value is on no front, and equal points stand together', () => {
  const accuracy = { values: [0.9, 0.9, null, 0.8, 0.7, 0.95], better: 'higher' } as const;
  const cost = { values: [5, 5, 1, 3, 4, null], better: 'lower' } as const;
  expect(paretoFront(accuracy, cost)).toEqual([true, true, false, true, false, false]);
  expect(paretoFront({ ...accuracy, values: [] }, { ...cost, values: [] })).toEqual([]);
});
