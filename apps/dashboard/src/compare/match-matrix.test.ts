import { expect, it } from 'vitest';
import type { Match } from './analysis-query.ts';
import { matchRows } from './match-matrix.ts';

const cie = { key: 'c', name: 'cie · l1', allocation: 'cie' };
const uniform = { key: 'u', name: 'uniform · l1', allocation: 'uniform' };
const random = { key: 'r', name: 'uniform · random', allocation: 'uniform' };
const match = (a: Match['a'], b: Match['b'], edits: Partial<Match>): Match => ({
  ...{ a, b, wins: 0, ties: 0, losses: 0, untested: 0, meetings: 0, difference: null },
  ...{ uncompared: 0, apart: null },
  ...edits,
});

it('sees every match from its row', () => {
  const [first, second] = matchRows(
    [uniform, cie],
    [match(cie, uniform, { wins: 3, ties: 1, losses: 2, meetings: 6, difference: 0.0123 })],
  );
  expect(first?.cells).toEqual([
    null,
    {
      text: '2 / 1 / 3',
      words: 'uniform · l1 against cie · l1: 2 won, 1 tied, 3 lost, −1.23 pt on average',
      ...{ untested: 0, uncompared: 0 },
    },
  ]);
  expect(second?.cells[0]?.text).toBe('3 / 1 / 2');
});

it('does not take what was not tested for a tie', () => {
  const rows = matchRows(
    [cie, uniform, random],
    [
      match(cie, uniform, { untested: 2, meetings: 2, difference: 0.1 }),
      match(cie, random, { wins: 1, untested: 1, meetings: 2, difference: 0.1 }),
    ],
  );
  expect(rows[0]?.cells.slice(1)).toEqual([
    {
      text: null,
      words: 'cie · l1 against uniform · l1: 2 untested, +10.00 pt on average',
      untested: 2,
      uncompared: 0,
    },
    {
      text: '1 / 0 / 0',
      words: 'cie · l1 against uniform · random: 1 won, 0 tied, 0 lost, 1 untested, +10.00 pt on average',
      ...{ untested: 1, uncompared: 0 },
    },
  ]);
  expect(rows[1]?.cells[2]).toEqual({
    text: null,
    words: 'uniform · l1 against uniform · random: no target and seed in common',
    ...{ untested: 0, uncompared: 0 },
  });
});

it('names no winner where savings differ', () => {
  const apart = match(cie, uniform, { uncompared: 2, apart: 0.069, meetings: 2 });
  expect(matchRows([cie, uniform], [apart])[0]?.cells[1]).toEqual({
    ...{ text: null, untested: 0, uncompared: 2 },
    words: 'cie · l1 against uniform · l1: 2 not compared: savings differ by 6.9 points',
  });
});
