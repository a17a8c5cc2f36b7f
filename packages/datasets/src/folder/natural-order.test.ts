import { expect, it } from 'vitest';
import { naturalOrder } from './natural-order.ts';

it('orders numbers in names by their value, whatever stood first', () => {
  const ordered = ['01.png', '1.png', '1a.png', '2.png', '10.png', '10b2.png', '10b10.png', 'A.png', 'a.png'];
  expect([...ordered].reverse().sort(naturalOrder)).toEqual(ordered);
  expect(naturalOrder('x9.png', 'x9.png')).toBe(0);
});

it('compares numbers that no double can hold', () => {
  const ordered = ['90071992547409930.png', '90071992547409931.png', '100000000000000000000.png'];
  expect([...ordered].reverse().sort(naturalOrder)).toEqual(ordered);
});
