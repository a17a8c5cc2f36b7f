import { expect, it } from 'vitest';
import { limitsWords, NO_LIMITS } from './limits.ts';

it('tells of the limits that are not the usual ones', () => {
  expect(limitsWords(NO_LIMITS)).toBe('');
  expect(limitsWords({ ...NO_LIMITS, align: 8 })).toBe('widths in multiples of 8');
  expect(limitsWords({ ...NO_LIMITS, align: 'auto' })).toBe(
    'widths in multiples of 8, of 4 in groups below 32',
  );
  expect(limitsWords({ align: 1, minWidth: 4, maxRatio: 0.5, keep: ['a', 'b'] })).toBe(
    'at least 4 units in each group, at most 50 % of a group removed, 2 groups stay whole',
  );
});
