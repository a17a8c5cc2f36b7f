import { expect, it } from 'vitest';
import { newId } from './ids.ts';

it('ids say what they are of, are unique, and rise with time', () => {
  const ids = Array.from({ length: 5000 }, () => newId('run'));
  expect(ids[0]).toMatch(/^run_[0-9a-hjkmnp-tv-z]{26}$/);
  expect(new Set(ids).size).toBe(ids.length);
  expect([...ids].sort()).toEqual(ids);
});
