import { expect, it } from 'vitest';
import { countFlags, countPackedFlips, packFlags, unpackFlags } from './bitmap.ts';

it('puts the first flag in the lowest bit, and leaves the bits behind the last one 0', () => {
  expect([...packFlags([1, 0, 1, 1, 0, 0, 0, 0, 0, 1])]).toEqual([0b1101, 0b10]);
  expect([...packFlags([])]).toEqual([]);
});

it('gives back what was packed', () => {
  for (const n of [0, 1, 7, 8, 9, 1000]) {
    const flags = Array.from({ length: n }, (_, i) => ((i * 7919) % 13 < 6 ? 1 : 0));
    expect([...unpackFlags(packFlags(flags), n)]).toEqual(flags);
  }
});

it('does not make up flags that are not there', () => {
  expect(() => unpackFlags(new Uint8Array(1), 9)).toThrow('a bitmap of 1 bytes does not hold 9 flags');
});

it('counts packed flags as unpacked ones, and none behind the last', () => {
  for (const n of [0, 1, 7, 8, 9, 1000]) {
    const before = Array.from({ length: n }, (_, i) => ((i * 7919) % 13 < 6 ? 1 : 0));
    const after = Array.from({ length: n }, (_, i) => ((i * 104729) % 11 < 7 ? 1 : 0));
    const [packed, other] = [packFlags(before), packFlags(after)].map((bytes) => {
      // Whoever packs elsewhere may leave anything there.
      if (n % 8 > 0) bytes[n >> 3] = (bytes[n >> 3] ?? 0) | (255 << (n % 8));
      return bytes;
    });
    if (!packed || !other) throw new Error('two were packed');
    expect(countFlags(packed, n)).toBe(before.filter(Boolean).length);
    expect(countPackedFlips(packed, other, n)).toEqual({
      lost: before.filter((flag, i) => flag && !after[i]).length,
      gained: after.filter((flag, i) => flag && !before[i]).length,
    });
  }
});
