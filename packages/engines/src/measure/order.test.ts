import { expect, it } from 'vitest';
import { orderOfRound } from './order.ts';

const roundsOf = (count: number) => (count % 2 === 0 ? count : 2 * count);

it.each([1, 2, 3, 4, 5, 7, 8])('balances %i', (count) => {
  const rounds = Array.from({ length: roundsOf(count) }, (_, round) => orderOfRound(count, round));
  const often = new Map<string, number>();
  const tally = (key: string) => often.set(key, (often.get(key) ?? 0) + 1);
  for (const order of rounds) {
    expect(order.toSorted((a, b) => a - b)).toEqual([...Array(count).keys()]);
    for (const [place, one] of order.entries()) {
      tally(`${one} at ${place}`);
      if (place > 0) tally(`${one} after ${order[place - 1]}`);
    }
  }
  expect(often.size).toBe(count * count + count * (count - 1));
  const share = rounds.length / count;
  expect([...often.values()].every((times) => times === share)).toBe(true);
});

it.each([3, 4, 5, 8])('gives none of %i two turns in a row', (count) => {
  const all = Array.from({ length: 3 * roundsOf(count) }, (_, round) => orderOfRound(count, round)).flat();
  expect(all.every((one, i) => one !== all[i + 1])).toBe(true);
});
