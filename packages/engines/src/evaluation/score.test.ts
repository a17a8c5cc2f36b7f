import { InputError } from '@espalier/errors';
import { floatTensor } from '@espalier/network';
import { describe, expect, it } from 'vitest';
import { score } from './score.ts';

function scoreRow(row: readonly number[], label: number, kind: 'logits' | 'probabilities' = 'logits') {
  const { hit1, hit5, loss } = score(floatTensor([1, row.length], row), [label], kind);
  return { hit1: hit1[0], hit5: hit5 === null ? null : hit5[0], loss: loss[0] };
}

describe('hits', () => {
  it('counts the largest output', () => {
    const output = floatTensor([3, 2], [1, 2, 5, 4, 0, 1]);
    expect([...score(output, [1, 0, 0], 'logits').hit1]).toEqual([1, 1, 0]);
  });

  it('gives a tie to the lower class', () => {
    expect(scoreRow([3, 3, 1], 0).hit1).toBe(1);
    expect(scoreRow([3, 3, 1], 1).hit1).toBe(0);
  });

  it('counts the five best, ties to the lower class', () => {
    const row = [9, 8, 7, 6, 5, 5, 4];
    expect([0, 4, 5, 6].map((label) => scoreRow(row, label).hit5)).toEqual([1, 1, 0, 0]);
  });

  it('has no top-5 below 6 classes', () => {
    expect(scoreRow([1, 2, 3, 4, 5], 0).hit5).toBeNull();
    expect(scoreRow([1, 2, 3, 4, 5, 6], 1).hit5).toBe(1);
  });

  it('takes further axes of extent 1', () => {
    expect([...score(floatTensor([2, 2, 1, 1], [1, 2, 2, 1]), [1, 1], 'logits').hit1]).toEqual([1, 0]);
  });
});

describe('loss', () => {
  it('is the cross-entropy of logits', () => {
    expect(scoreRow([0, Math.log(3)], 1).loss).toBeCloseTo(Math.log(4 / 3), 6);
    expect(scoreRow([0, Math.log(3)], 0).loss).toBeCloseTo(Math.log(4), 6);
  });

  it('does not overflow', () => {
    expect(scoreRow([1000, 1000], 0).loss).toBeCloseTo(Math.log(2), 6);
    expect(scoreRow([-1000, 1000], 0).loss).toBeCloseTo(2000, 3);
  });

  it('takes probabilities as they are', () => {
    expect(scoreRow([0.25, 0.75], 1, 'probabilities').loss).toBeCloseTo(Math.log(4 / 3), 6);
  });

  it('is finite where a probability was rounded to 0', () => {
    expect(scoreRow([0, 1], 0, 'probabilities').loss).toBeCloseTo(149 * Math.LN2, 3);
  });
});

describe('outputs that are no numbers', () => {
  it.each(['logits', 'probabilities'] as const)('makes a NaN a miss without a finite loss: %s', (kind) => {
    const { hit1, hit5, loss } = scoreRow([1, 0, 0, 0, 0, 0, Number.NaN], 0, kind);
    expect([hit1, hit5, loss]).toEqual([0, 0, Number.NaN]);
  });

  it('has no finite loss where logits are infinite', () => {
    expect(scoreRow([Number.POSITIVE_INFINITY, 1], 0).loss).toBeNaN();
  });
});

describe('what does not fit', () => {
  it.each([
    ['too few labels', [2, 3], [0]],
    ['an image', [1, 3, 2, 1], [0]],
    ['a label out of range', [1, 3], [3]],
  ] as const)('refuses %s', (_what, dims, labels) => {
    const output = floatTensor(dims, new Float32Array(6).subarray(0, dims[0] * dims[1] * (dims[2] ?? 1)));
    expect(() => score(output, labels, 'logits')).toThrow(InputError);
  });
});
