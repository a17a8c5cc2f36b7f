import { expect, it } from 'vitest';
import { NOTHING_TOLD, paceOf, rateOf, told } from './progress.ts';

const at = (second: number) => new Date(1_000_000 + 1000 * second);

it('a rate counts from where it was first told, and begins again with what goes back', () => {
  const first = told(NOTHING_TOLD, 100, 400, at(0));
  expect(rateOf(first)).toBe(null);
  const later = told(first, 200, 400, at(10));
  expect(rateOf(later)).toBe(10);
  expect(paceOf([later])).toEqual({ done: 200, total: 400, ratePerSecond: 10, secondsLeft: 20 });
  const again = told(later, 50, 400, at(11));
  expect(rateOf(again)).toBe(null);
  expect(again).toMatchObject({ done: 50, since: at(11), from: 50 });
  expect(told(later, 210, 500, at(12)).since).toEqual(at(12));
});

it('shares that nobody took yet count as much as the others', () => {
  const share = (done: number, seconds: number) =>
    told(told(NOTHING_TOLD, 0, 100, at(0)), done, 100, at(seconds));
  const over = { ...share(100, 5), over: true };
  const pace = paceOf([over, share(20, 10), share(40, 10), NOTHING_TOLD]);
  // 20 and 40 in ten seconds; what is over is no longer at work.
  expect(pace).toEqual({ done: 160, total: 400, ratePerSecond: 6, secondsLeft: 40 });
  expect(paceOf([NOTHING_TOLD])).toEqual({ done: 0, total: 0, ratePerSecond: null, secondsLeft: null });
});
