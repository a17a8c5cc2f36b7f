import { expect, it } from 'vitest';
import { ago, moment } from './time.ts';

it('says how long ago something was', () => {
  const now = new Date('2026-11-24T12:00:00Z');
  const before = (seconds: number) => ago(new Date(now.getTime() - seconds * 1000), now);
  expect([before(3), before(40), before(90), before(7200), before(86_400), before(-172_800)]).toEqual([
    'just now',
    '40 seconds ago',
    '1 minute ago',
    '2 hours ago',
    'yesterday',
    'in 2 days',
  ]);
  expect(moment(now)).toBe('24 Nov 2026, 12:00:00 UTC');
});
