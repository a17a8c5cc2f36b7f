import { expect, it } from 'vitest';
import { secondsOf } from './retry-after.ts';

const now = new Date('2026-10-21T07:28:00Z');

it.each([
  ['120', 120],
  [' 7 ', 7],
  ['Wed, 21 Oct 2026 07:30:00 GMT', 120],
  ['Wed, 21 Oct 2026 07:27:00 GMT', null],
  ['0', null],
  ['-5', null],
  ['1.5', null],
  ['soon', null],
  ['2026-10-21T07:30:00Z', null],
  ['9'.repeat(400), null],
  ['', null],
  [null, null],
])('%s', (header, seconds) => {
  expect(secondsOf(header, now)).toBe(seconds);
});
