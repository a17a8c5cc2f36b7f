import { describe, expect, it } from 'vitest';
import { type KeptStructure, structureSimilarity } from './similarity.ts';

const structure = (kept: number[][], edits: Partial<KeptStructure> = {}): KeptStructure => ({
  ...{ groups: ['conv1', 'conv2'], before: [4, 10], after: kept.map(({ length }) => length), kept },
  ...edits,
});

describe('structureSimilarity', () => {
  it('compares the shares that groups keep, and the units', () => {
    const a = structure([
      [0, 1, 2],
      [0, 1, 2, 3, 4],
    ]);
    const b = structure([
      [2, 3],
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    ]);
    // Kept 3/4 and 1/2, 1/2 and 1; one unit of four in common, five of ten.
    expect(structureSimilarity(a, b)).toEqual({ groups: [0.75, 0.5], widths: 0.625, units: 0.375 });
    expect(structureSimilarity(b, a)).toEqual(structureSimilarity(a, b));
  });

  it('equal widths may keep other units', () => {
    const first = structure([
      [0, 1],
      [0, 1, 2],
    ]);
    const second = structure([
      [2, 3],
      [3, 4, 5],
    ]);
    expect(structureSimilarity(first, second)).toEqual({ groups: [1, 1], widths: 1, units: 0 });
    expect(structureSimilarity(first, first)).toEqual({ groups: [1, 1], widths: 1, units: 1 });
  });

  it('tells widths alone where the units are not at hand', () => {
    const widths = structure([[0], [0]], { kept: undefined });
    expect(structureSimilarity(widths, structure([[0], [0]]))).toMatchObject({ widths: 1, units: null });
  });

  it('refuses structures of different networks', () => {
    const one = structure([[0], [0]]);
    for (const other of [{ groups: ['conv1', 'conv3'] }, { before: [4, 12] }, { groups: ['conv1'] }]) {
      expect(() => structureSimilarity(one, { ...one, ...other })).toThrow('cuts of one network');
    }
  });
});
