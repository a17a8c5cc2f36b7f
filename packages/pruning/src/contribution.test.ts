import { expect, test } from 'vitest';
import {
  contributionMatrix,
  countFlips,
  dropMatrix,
  importance,
  monotoneDrop,
  pairedStandardError,
} from './contribution.ts';

test('a gain in accuracy is not damage', () => {
  const drop = dropMatrix(0.9, [[0.92, 0.85]]);
  expect(drop[0]?.[0]).toBeCloseTo(-0.02);
  expect(monotoneDrop(drop)[0]).toEqual([0, expect.closeTo(0.05)]);
});

test('a dip behind a large drop does not make a group robust again', () => {
  expect(monotoneDrop([[0.1, 0.05, 0.3, 0.2]])).toEqual([[0.1, 0.1, 0.3, 0.3]]);
});

test('columns of the contribution matrix sum to 1, also where nothing was damaged', () => {
  const matrix = contributionMatrix([
    [0, 0.25, 0.5],
    [0, 0.75, 0.5],
  ]);
  expect(matrix).toEqual([
    [0.5, 0.25, 0.5],
    [0.5, 0.75, 0.5],
  ]);
});

test('importance is the share of all damage, floored at a tenth of an equal share', () => {
  expect(
    importance([
      [0, 0],
      [0.1, 0.3],
      [0.2, 0.4],
    ]),
  ).toEqual([expect.closeTo(0.1 / 3), expect.closeTo(0.4), expect.closeTo(0.6)]);
  expect(importance([[0], [0]])).toEqual([0.5, 0.5]);
});

test('the paired standard error is that of the per-image differences', () => {
  const differences = [1, 1, -1, 0, 0, 0, 0, 1, 0, 0];
  const n = differences.length;
  const mean = differences.reduce((sum, d) => sum + d, 0) / n;
  const variance = differences.reduce((sum, d) => sum + (d - mean) ** 2, 0) / (n - 1);
  expect(pairedStandardError(3, 1, n)).toBeCloseTo(Math.sqrt(variance / n), 12);
});

test('flips are counted in both directions', () => {
  expect(countFlips(Uint8Array.of(1, 1, 0, 0, 1), Uint8Array.of(1, 0, 1, 0, 0))).toEqual({
    lost: 2,
    gained: 1,
  });
});
