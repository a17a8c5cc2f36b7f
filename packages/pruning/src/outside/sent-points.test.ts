import { packFlags } from '@espalier/engines';
import { expect, it } from 'vitest';
import { type SentPoint, sentMatrices } from './sent-points.ts';

const point = (removed: number, value: number, more: Partial<SentPoint> = {}): SentPoint => ({
  ...{ removed, value, loss: null, images: 100, standardError: null, hits: null },
  ...more,
});

const round = (rows: readonly (readonly number[])[]) =>
  rows.map((row) => row.map((v) => Number(v.toFixed(6))));

it('drops and contributions equal those of a worked example', () => {
  const made = sentMatrices({
    direction: 'higher',
    removed: [
      [0, 2, 4],
      [1, 2, 3],
    ],
    baseline: point(0, 0.9),
    points: [
      [point(4, 0.5), point(2, 0.8)],
      [point(1, 0.95), point(2, 0.7), point(3, 0.8)],
    ],
  });
  expect(round(made.drop)).toEqual([
    [0, 0.1, 0.4],
    [-0.05, 0.2, 0.1],
  ]);
  expect(round(made.monotoneDrop)).toEqual([
    [0, 0.1, 0.4],
    [0, 0.2, 0.2],
  ]);
  expect(round(made.contribution)).toEqual([
    [0.5, 0.333333, 0.666667],
    [0.5, 0.666667, 0.333333],
  ]);
  expect(round([made.importance])).toEqual([[0.555556, 0.444444]]);
  expect(made.cells.flat().some(({ inferred }) => inferred)).toBe(false);
});

it('where less is better, more of it is damage', () => {
  const { drop } = sentMatrices({
    direction: 'lower',
    removed: [[1, 2]],
    baseline: point(0, 3),
    points: [[point(1, 2.5), point(2, 7)]],
  });
  expect(drop).toEqual([[-0.5, 4]]);
});

it('a missing cell is inferred, and never harmless because nobody looked', () => {
  const { cells, drop } = sentMatrices({
    direction: 'higher',
    removed: [
      [1, 2, 3, 4],
      [1, 2, 3, 4],
      [1, 2, 3, 4],
    ],
    baseline: point(0, 0.9, { loss: 0.3 }),
    points: [[point(3, 0.6, { loss: 0.9 })], [point(1, 0.2, { loss: 3 })], []],
  });
  expect(cells.map((row) => row.map(({ inferred }) => inferred))).toEqual([
    [true, true, false, true],
    [false, true, true, true],
    [true, true, true, true],
  ]);
  expect(round(drop)).toEqual([
    [0.1, 0.2, 0.3, 0.7],
    [0.7, 0.7, 0.7, 0.7],
    [0.7, 0.7, 0.7, 0.7],
  ]);
  expect(round([cells[0]?.map(({ loss }) => loss ?? Number.NaN) ?? []])).toEqual([[0.5, 0.7, 0.9, 3]]);
  const nothing = { direction: 'higher', removed: [[1]], baseline: point(0, 1), points: [[]] } as const;
  expect(() => sentMatrices(nothing)).toThrow(/no cell was measured/);
});

it('errors are paired by hits, else those of two shares, or as they were told', () => {
  const hits = (wrong: number) => packFlags(Array.from({ length: 100 }, (_, i) => (i < wrong ? 0 : 1)));
  const errorOf = (baseline: SentPoint, other: SentPoint) =>
    sentMatrices({ direction: 'higher', removed: [[1]], baseline, points: [[other]] }).cells[0]?.[0]
      ?.standardError;
  // 20 lost and none gained of 100: sqrt((0.2 - 0.04) / 99).
  const paired = errorOf(point(0, 0.9, { hits: hits(10) }), point(1, 0.7, { hits: hits(30) }));
  expect(paired).toBeCloseTo(Math.sqrt(0.16 / 99), 12);
  expect(errorOf(point(0, 0.9), point(1, 0.7))).toBeCloseTo(Math.sqrt(0.09 / 100 + 0.21 / 100), 12);
  const told = errorOf(point(0, 40, { standardError: 3 }), point(1, 30, { standardError: 4 }));
  expect(told).toBeCloseTo(5, 12);
});
