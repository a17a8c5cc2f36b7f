import { expect, it } from 'vitest';
import { asInQuietTurns } from './references.ts';

const USUAL = { baseMs: 8, smallestMs: 0.5 };

it('times of quiet turns stay', () => {
  for (const milliseconds of [0.4, 0.5, 2, 8, 9])
    expect(asInQuietTurns({ ...USUAL, milliseconds }, USUAL)).toBeCloseTo(milliseconds, 12);
});

it('what slows all networks down alike is taken out of all alike', () => {
  const slowed = { baseMs: 12, smallestMs: 0.75 };
  for (const milliseconds of [0.5, 2, 8])
    expect(asInQuietTurns({ ...slowed, milliseconds: 1.5 * milliseconds }, USUAL)).toBeCloseTo(milliseconds);
});

it('what slows large networks down is taken out of large ones, in between by the logarithm', () => {
  const slowed = { baseMs: 16, smallestMs: 0.5 };
  expect(asInQuietTurns({ ...slowed, milliseconds: 0.5 }, USUAL)).toBeCloseTo(0.5);
  expect(asInQuietTurns({ ...slowed, milliseconds: 16 }, USUAL)).toBeCloseTo(8);
  // Half of the way from 0.5 to 16.
  const middle = Math.sqrt(0.5 * 16);
  expect(asInQuietTurns({ ...slowed, milliseconds: middle }, USUAL)).toBeCloseTo(middle / Math.SQRT2);
});

it('a network with one structure alone goes by itself', () => {
  const same = { baseMs: 2, smallestMs: 2 };
  expect(asInQuietTurns({ ...same, milliseconds: 2 }, { baseMs: 1, smallestMs: 1 })).toBe(1);
});
