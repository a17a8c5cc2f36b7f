import { expect, it } from 'vitest';
import { TOP1 } from '#src/format/quality.ts';
import { harmScale, inOrder, type Matrix, matrixOf, matrixRows } from './matrix.ts';

const matrix: Matrix = {
  groups: ['stem', 'block'],
  grid: [0.25, 0.5, 0.75],
  metric: TOP1,
  values: [
    [0.9, 0.6, 0.1],
    [0.9, 0.88, 0.8],
  ],
  drop: [
    [0, 0.3, 0.8],
    [0, 0.02, 0.1],
  ],
  monotoneDrop: [
    [0, 0.3, 0.8],
    [0, 0.02, 0.1],
  ],
  contribution: [
    [0.5, 0.9, 0.9],
    [0.5, 0.1, 0.1],
  ],
  standardError: [
    [0, 0, 0],
    [0, 0, 0],
  ],
};

it('puts every cell between harmless and harmful', () => {
  const harm = (view: 'drop' | 'values') =>
    matrixRows(matrix, view).map((row) => row.cells.map((cell) => Number(cell.harm.toFixed(3))));
  expect(harm('drop')).toEqual([
    [0, 0.375, 1],
    [0, 0.025, 0.125],
  ]);
  // The lower the accuracy, the darker.
  expect(harm('values')).toEqual([
    [0, 0.375, 1],
    [0, 0.025, 0.125],
  ]);
});

it('the higher an error, the darker, and darkest where the outputs are no numbers', () => {
  const error = { label: 'output error', direction: 'LOWER', unit: 'RATIO' } as const;
  const values = [
    [0.1, 0.5, null],
    [0.1, 0.2, 0.3],
  ];
  const rows = matrixRows(matrixOf({ ...matrix, values }, error), 'values');
  expect(rows.map((row) => row.cells.map(({ harm }) => harm))).toEqual([
    [0.2, 1, 1],
    [0.2, 0.4, 0.6],
  ]);
});

it('outlines the ratio next to what was removed, and nothing where nothing was', () => {
  const chosen = matrixRows(matrix, 'drop', [
    { group: 'stem', before: 16, after: 9 },
    { group: 'block', before: 16, after: 16 },
  ]).map((row) => row.cells.map((cell) => cell.chosen));
  expect(chosen).toEqual([
    [false, true, false],
    [false, false, false],
  ]);
});

it('draws a matrix without any drop as harmless', () => {
  const flat = {
    ...matrix,
    drop: [
      [0, 0, 0],
      [0, 0, 0],
    ],
  };
  expect(matrixRows(flat, 'drop').flatMap((row) => row.cells.map((cell) => cell.harm))).toEqual(
    Array(6).fill(0),
  );
});

it('the ends of the colour map are told', () => {
  expect(harmScale(matrix, 'drop')).toEqual({ harmless: 0, harmful: Math.max(...matrix.drop.flat()) });
  const { harmless, harmful } = harmScale(matrix, 'values');
  expect(harmless).toBeGreaterThan(harmful);
  expect(harmScale({ ...matrix, drop: [[Number.NaN]] }, 'drop')).toEqual({ harmless: 0, harmful: 0 });
});

it('ranks the groups by their share of the total drop, those that break the network first', () => {
  const ranked = (given: Matrix) =>
    inOrder(matrixRows(given, 'drop'), 'contribution').map(({ rank, group, index }) => [rank, group, index]);
  const turned = { ...matrix, contribution: [matrix.contribution[1] ?? [], matrix.contribution[0] ?? []] };
  expect(ranked(matrix)).toEqual([
    [1, 'stem', 0],
    [2, 'block', 1],
  ]);
  expect(ranked(turned)).toEqual([
    [1, 'block', 1],
    [2, 'stem', 0],
  ]);
  expect(inOrder(matrixRows(turned, 'drop'), 'position').map(({ rank }) => rank)).toEqual([2, 1]);
  const broken = { ...turned, monotoneDrop: [[0, 0.3, Number.NaN], matrix.monotoneDrop[1] ?? []] };
  expect(ranked(broken)[0]).toEqual([1, 'stem', 0]);
});
