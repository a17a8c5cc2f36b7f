import { expect, it } from 'vitest';
import type { StructureTimes } from './journal.ts';
import { quietest } from './quietest.ts';
import type { References } from './references.ts';

const QUIET = { ratio: 1.004, baseMs: 1.02, smallestMs: 0.1 };
const BUSY = { ...QUIET, ratio: 0.95 };
const BUSIER = { ...QUIET, ratio: 1.09 };
/** Evenly slowed down: one and the same network differs little from itself. */
const SLOWED = { ...QUIET, baseMs: 1.3 };
const SMALL_ONES_SLOWED = { ...QUIET, smallestMs: 0.2 };
const EARLIER = [
  { baseMs: 1, smallestMs: 0.11 },
  { baseMs: 1.2, smallestMs: 0.1 },
];

/** @returns which attempt counts, and how many there were */
async function taken(
  earlier: readonly References[],
  ...attempts: (typeof QUIET)[]
): Promise<[number, number]> {
  let made = 0;
  const [times] = await quietest(earlier, async () => {
    const { ratio, ...references } = attempts[made] ?? QUIET;
    const check = { ratio, low: ratio, high: ratio };
    return [{ milliseconds: made++, ...references, check, nodes: {} } satisfies StructureTimes];
  });
  return [times?.milliseconds ?? -1, made];
}

it('what a quiet machine measured counts at once', async () => {
  expect(await taken([], QUIET)).toEqual([0, 1]);
  expect(await taken(EARLIER, QUIET)).toEqual([0, 1]);
  // Nothing is known yet to be slow against.
  expect(await taken([], SLOWED)).toEqual([0, 1]);
});

it('what was disturbed is measured again, and the least disturbed counts where none was quiet', async () => {
  expect(await taken(EARLIER, BUSY, QUIET)).toEqual([1, 2]);
  expect(await taken(EARLIER, SLOWED, SMALL_ONES_SLOWED, QUIET)).toEqual([2, 3]);
  expect(await taken(EARLIER, BUSIER, BUSY, BUSIER, QUIET)).toEqual([1, 3]);
});
