import { expect, it } from 'vitest';
import { numberOf, textOf } from './read-form.ts';

it('reads per cent as fractions, and nothing as null', () => {
  expect(numberOf('93.26', 100)).toBe(0.9326);
  expect(numberOf(' 7,3 ', 100)).toBe(0.073);
  expect(numberOf('0', 100)).toBe(0);
  expect(numberOf('2026')).toBe(2026);
  expect(numberOf(' ')).toBe(null);
  expect(textOf('  ')).toBe(null);
  expect(textOf(' CVPR ')).toBe('CVPR');
});
