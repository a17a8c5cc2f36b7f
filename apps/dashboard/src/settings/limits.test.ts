import { expect, it } from 'vitest';
import { limitsWords, USUAL_LIMITS } from './limits.ts';

it('tells of the limits that are not the usual ones', () => {
  expect(limitsWords(USUAL_LIMITS)).toBe('');
  expect(limitsWords({ ...USUAL_LIMITS, align: 8 })).toBe('widths in multiples of 8');
  expect(limitsWords({ ...USUAL_LIMITS, align: 1 })).toBe('widths as they fall');
  expect(limitsWords({ ...USUAL_LIMITS, minWidth: 4, maxRatio: 0.5, keep: ['a', 'b'] })).toBe(
    'at least 4 units in each group, at most 50 % of a group removed, 2 groups stay whole',
  );
});
