import { describe, expect, test } from 'vitest';
import { matrixRank } from './matrix-rank.ts';

describe('rank', () => {
  test.each<[string, number, number[][]]>([
    [
      'nothing but zeros',
      0,
      [
        [0, 0],
        [0, 0],
      ],
    ],
    ['one number', 1, [[-1e-30]]],
    [
      'the identity',
      3,
      [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
    ],
    [
      'equal rows',
      1,
      [
        [1, 2, 3],
        [1, 2, 3],
        [-2, -4, -6],
      ],
    ],
    [
      'a first pivot of zero',
      2,
      [
        [0, 1],
        [1, 0],
      ],
    ],
    // Dürer's magic square, known to have the rank 3.
    [
      'a magic square',
      3,
      [
        [16, 3, 2, 13],
        [5, 10, 11, 8],
        [9, 6, 7, 12],
        [4, 15, 14, 1],
      ],
    ],
    [
      'more columns than rows',
      2,
      [
        [1, 2, 3, 4],
        [2, 4, 6, 9],
      ],
    ],
    [
      'more rows than columns',
      1,
      [
        [1, 2],
        [2, 4],
        [3, 6],
      ],
    ],
    [
      'very different sizes',
      2,
      [
        [1e6, 0],
        [0, 1],
      ],
    ],
    [
      'what is rounding beside the largest value',
      1,
      [
        [1e6, 0],
        [0, 0.2],
      ],
    ],
  ])('of %s is %i', (_what, rank, rows) => {
    expect(matrixRank(rows.flat(), rows.length, rows[0]?.length ?? 0)).toBe(rank);
  });

  test('of products of thin matrices, rounded to float32, is their thickness', () => {
    for (const thickness of [1, 3, 7, 12]) {
      for (const [rows, columns] of [
        [16, 16],
        [12, 20],
        [32, 14],
      ] as const) {
        const left = (r: number, k: number) => Math.sin(3.1 * r * r + 1.7 * k * k + r * k);
        const right = (k: number, c: number) => Math.cos(2.3 * c * c + 0.9 * k * k + c * k);
        const product = Float32Array.from({ length: rows * columns }, (_, i) => {
          const [r, c] = [Math.floor(i / columns), i % columns];
          let sum = 0;
          for (let k = 0; k < thickness; k++) sum += left(r, k) * right(k, c);
          return sum;
        });
        expect(matrixRank(product, rows, columns), `${rows}x${columns}`).toBe(thickness);
      }
    }
  });
});
