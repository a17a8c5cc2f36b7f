import { expect, test } from 'vitest';
import { fromBfloat16, fromFloat16, toBfloat16, toFloat16 } from './index.ts';

test('each finite number of 16 bits comes back', () => {
  const all = Array.from({ length: 2 ** 16 }, (_, bits) => bits);
  const halves = all.filter((bits) => (bits & 0x7c00) !== 0x7c00);
  expect(halves.filter((bits) => toFloat16(fromFloat16(bits)) !== bits)).toEqual([]);
  const upper = all.filter((bits) => (bits & 0x7f80) !== 0x7f80);
  expect(upper.filter((bits) => toBfloat16(fromBfloat16(bits)) !== bits)).toEqual([]);
});

// By Python: struct.pack('<e', x), but for what is too large for it.
test.each([
  [1 / 3, 0x3555],
  [-2.5, 0xc100],
  [1 + 2 ** -11, 0x3c00],
  [1 + 3 * 2 ** -11, 0x3c02],
  [65_519, 0x7bff],
  [1e9, 0x7bff],
  [2 ** -24, 0x0001],
  [2 ** -25, 0x0000],
  [1.5 * 2 ** -25, 0x0001],
  [2 ** -14 - 2 ** -26, 0x0400],
])('%d is the nearest half', (value, bits) => {
  expect(toFloat16(value)).toBe(bits);
});

test.each([
  [1 / 3, 0x3eab],
  [1 + 2 ** -8, 0x3f80],
  [1 + 3 * 2 ** -8, 0x3f82],
  [-3.4e38, 0xff7f],
])('%d is the nearest bfloat16', (value, bits) => {
  expect(toBfloat16(value)).toBe(bits);
});
