import { expect, it } from 'vitest';
import { secondsLeft, type TimedRun } from './time-left.ts';

const NOW = Date.parse('2026-01-01T00:10:00Z');

function finished(...seconds: number[]): TimedRun[] {
  return seconds.map((sum) => ({
    state: 'FINISHED',
    startedAt: '2026-01-01T00:00:00Z',
    result: { seconds: [{ seconds: sum - 1 }, { seconds: 1 }] },
  }));
}

function begun(secondsAgo: number): TimedRun {
  return { state: 'FINETUNING', startedAt: new Date(NOW - secondsAgo * 1000).toISOString(), result: null };
}

const WAITS: TimedRun = { state: 'QUEUED', startedAt: null, result: null };

it('what waits takes as long as what has finished, shared by the workers', () => {
  expect(secondsLeft([...finished(60), WAITS, WAITS], { open: 2, workers: 1, now: NOW })).toBe(120);
  expect(secondsLeft([...finished(60), WAITS, WAITS], { open: 2, workers: 2, now: NOW })).toBe(60);
  // Runs that are not on the page count, too.
  expect(secondsLeft(finished(50, 60, 100), { open: 5, workers: 1, now: NOW })).toBe(300);
});

it('what is at work has less to go, and never less than nothing', () => {
  expect(secondsLeft([...finished(60), begun(20), WAITS], { open: 2, workers: 1, now: NOW })).toBe(100);
  expect(secondsLeft([...finished(60), begun(90)], { open: 1, workers: 1, now: NOW })).toBe(0);
  // Two workers are not faster than the run that has longest to go.
  expect(secondsLeft([...finished(60), begun(10), begun(50)], { open: 2, workers: 2, now: NOW })).toBe(50);
});

it('nothing is told without a finished run, or with nothing to wait for', () => {
  expect(secondsLeft([begun(10), WAITS], { open: 2, workers: 1, now: NOW })).toBeNull();
  expect(secondsLeft(finished(60), { open: 0, workers: 1, now: NOW })).toBeNull();
});
