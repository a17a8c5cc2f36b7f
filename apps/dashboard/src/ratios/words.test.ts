import { expect, it } from 'vitest';
import { deviationText } from './words.ts';

it('writes a deviation with the decimals of its mean', () => {
  const text = (mean: number, deviation: number | null) => deviationText({ mean, deviation });
  expect([text(2.67, 1.1547), text(12.3, 1.25), text(123, 1.5), text(0.82, 0.1)]).toEqual([
    ...['± 1.15', '± 1.3', '± 2', '± 0.100'],
  ]);
  expect(text(2, null)).toBe(null);
});
