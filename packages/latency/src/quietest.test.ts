import { expect, it } from 'vitest';
import type { StructureTimes } from './journal.ts';
import { quietest } from './quietest.ts';

const QUIET = { ratio: 1.004, baseMs: 1.02 };
const BUSY = { ratio: 0.95, baseMs: 1.02 };
const BUSIER = { ratio: 1.09, baseMs: 1.02 };
/** Evenly slowed down: one and the same network differs little from itself. */
const SLOWED = { ratio: 1, baseMs: 1.3 };

/** @returns which attempt counts, and how many there were */
async function taken(fastestMs: number, ...attempts: (typeof QUIET)[]): Promise<[number, number]> {
  let made = 0;
  const [times] = await quietest(fastestMs, async () => {
    const { ratio, baseMs } = attempts[made] ?? QUIET;
    const check = { ratio, low: ratio, high: ratio };
    return [{ milliseconds: made++, baseMs, check, nodes: {} } satisfies StructureTimes];
  });
  return [times?.milliseconds ?? -1, made];
}

it('what a quiet machine measured counts at once', async () => {
  expect(await taken(Number.POSITIVE_INFINITY, QUIET)).toEqual([0, 1]);
  expect(await taken(1, QUIET)).toEqual([0, 1]);
  // Nothing is known yet to be slow against.
  expect(await taken(Number.POSITIVE_INFINITY, SLOWED)).toEqual([0, 1]);
});

it('what was disturbed is measured again, and the least disturbed counts where none was quiet', async () => {
  expect(await taken(1, BUSY, QUIET)).toEqual([1, 2]);
  expect(await taken(1, SLOWED, SLOWED, QUIET)).toEqual([2, 3]);
  expect(await taken(1, BUSIER, BUSY, BUSIER, QUIET)).toEqual([1, 3]);
});
