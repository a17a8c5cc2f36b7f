import { setImmediate as soon } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Latest } from './latest.ts';

it('does one thing at a time, and the latest after it', async () => {
  const done: number[] = [];
  let isBusy = false;
  const latest = new Latest<number>(async (what) => {
    expect(isBusy).toBe(false);
    isBusy = true;
    await soon();
    isBusy = false;
    done.push(what);
  });
  for (const what of [1, 2, 3, 4]) latest.put(what);
  await expect.poll(() => done).toEqual([1, 4]);
  latest.put(5);
  await expect.poll(() => done).toEqual([1, 4, 5]);
});

it('stops what is under way, and begins again with what comes then', async () => {
  const told: string[] = [];
  const latest = new Latest<number>(async (what, signal) => {
    await soon();
    told.push(`${what}${signal.aborted ? ' stopped' : ''}`);
  });
  latest.put(1);
  latest.put(2);
  latest.end();
  latest.put(3);
  await expect.poll(() => told).toEqual(['1 stopped', '3']);
});
