import { packFlags } from '@espalier/engines';
import { expect, it } from 'vitest';
import { type TestedResult, winTieLoss } from './win-tie-loss.ts';

/** Right on the images [from, from + right) of 100. */
const result = (setting: string, point: string, seed: number, right: number, from = 0): TestedResult => {
  const bits = packFlags(Array.from({ length: 100 }, (_, i) => (i >= from && i < from + right ? 1 : 0)));
  return { setting, point, seed, value: right / 100, hits: { bits, images: 100 } };
};

const COMPARED = { uncompared: 0, apart: null };

it('counts wins, ties and losses of every pair where both have a result', () => {
  const matches = winTieLoss([
    // 10 images more and none less: p = 2 / 2^10. Then 5 more: p = 2 / 2^5. Then 6 less: p = 2 / 2^6.
    ...[result('cie', '30 %', 0, 80), result('uniform', '30 %', 0, 70)],
    ...[result('cie', '30 %', 1, 75), result('uniform', '30 %', 1, 70)],
    ...[result('cie', '50 %', 0, 64), result('uniform', '50 %', 0, 70)],
    ...[result('cie', '70 %', 0, 50), result('global', '30 %', 0, 80)],
  ]);
  expect(matches.map(({ meetings, ...counts }) => [counts, meetings.length])).toEqual([
    [
      {
        a: 'cie',
        b: 'uniform',
        wins: 1,
        ties: 1,
        losses: 1,
        untested: 0,
        ...COMPARED,
        difference: expect.closeTo(0.03),
      },
      3,
    ],
    [{ a: 'cie', b: 'global', wins: 0, ties: 1, losses: 0, untested: 0, ...COMPARED, difference: 0 }, 1],
    [
      {
        a: 'uniform',
        b: 'global',
        wins: 0,
        ties: 0,
        losses: 1,
        untested: 0,
        ...COMPARED,
        difference: expect.closeTo(-0.1),
      },
      1,
    ],
  ]);
  expect(matches[0]?.meetings[1]).toMatchObject({ point: '30 %', seed: 1, test: { b: 5, c: 0, p: 0.0625 } });
});

it('goes by the level that is asked for', () => {
  const pair = [result('cie', 'p', 0, 75), result('uniform', 'p', 0, 70)];
  expect(winTieLoss(pair, 0.1)[0]).toMatchObject({ wins: 1, ties: 0 });
});

it('a difference without a test is neither won nor lost', () => {
  const untested = { ...result('uniform', 'p', 0, 20), hits: null };
  const others = { ...result('uniform', 'q', 0, 20), hits: { bits: new Uint8Array(7), images: 50 } };
  const [match] = winTieLoss([result('cie', 'p', 0, 90), result('cie', 'q', 0, 90), untested, others]);
  expect(match).toMatchObject({ wins: 0, ties: 0, losses: 0, untested: 2 });
  expect(match?.difference).toBeCloseTo(0.7, 12);
});

it('equal accuracies can hide networks that are right on other images', () => {
  const [match] = winTieLoss([result('cie', 'p', 0, 60), result('uniform', 'p', 0, 60, 40)]);
  expect(match).toMatchObject({ ties: 1, difference: 0, meetings: [{ test: { b: 40, c: 40, p: 1 } }] });
});

it('has nothing to say of settings that never meet, of one, or of none', () => {
  const apart = winTieLoss([result('cie', 'p', 0, 60), result('uniform', 'q', 0, 60)]);
  expect(apart).toMatchObject([{ wins: 0, ties: 0, losses: 0, difference: null, meetings: [] }]);
  expect(winTieLoss([result('cie', 'p', 0, 60)])).toEqual([]);
  expect(winTieLoss([])).toEqual([]);
});

it('equal networks meet once, and one that draws nothing meets every seed of the other', () => {
  const named = (network: string, made: TestedResult) => ({ ...made, network });
  const twice = [0, 1].flatMap((seed) => [
    named('a', result('cie', 'p', seed, 80)),
    named('b', result('uniform', 'p', seed, 60)),
  ]);
  expect(winTieLoss(twice)[0]).toMatchObject({ wins: 1, ties: 0, losses: 0, meetings: [{ seed: 0 }] });
  const drawn = [0, 1, 2].map((seed) =>
    named(`c${Math.min(seed, 1)}`, result('random', 'p', seed, 40 + seed)),
  );
  const fixed = { ...named('a', result('cie', 'p', 0, 80)), drawsNothing: true };
  expect(winTieLoss([fixed, ...drawn])[0]).toMatchObject({
    ...{ wins: 2, meetings: [{ seed: 0 }, { seed: 1 }], difference: expect.closeTo(0.395) },
  });
  expect(winTieLoss([...drawn, fixed])[0]).toMatchObject({ losses: 2, meetings: [{ seed: 0 }, { seed: 1 }] });
});

it('no winner where savings differ by more than two points', () => {
  const saving = (saved: number, made: TestedResult) => ({ ...made, saved });
  const gentle = [0, 1].map((seed) => saving(0.051, result('cie', '5 %', seed, 90)));
  const far = [saving(0.12, result('uniform', '5 %', 0, 70)), saving(0.071, result('uniform', '5 %', 1, 80))];
  expect(winTieLoss([...gentle, ...far])[0]).toMatchObject({
    ...{ wins: 1, ties: 0, losses: 0, untested: 0, uncompared: 1 },
    ...{ apart: expect.closeTo(0.069), difference: expect.closeTo(0.1) },
    meetings: [{ test: null }, { test: { b: 10 } }],
  });
  expect(winTieLoss([...gentle, ...far.slice(0, 1)])[0]).toMatchObject({ wins: 0, difference: null });
});
