import { expect, it } from 'vitest';
import { TOP1 } from '#src/format/quality.ts';
import type { Matrix } from './matrix.ts';
import { type StructureOrder, structureRows } from './structure.ts';

const structure = [
  { group: 'stem', before: 16, after: 12, savedAlone: { params: 10, macs: 900 } },
  { group: 'wide', before: 64, after: 16, savedAlone: { params: 500, macs: 400 } },
  { group: 'whole', before: 8, after: 8, savedAlone: { params: 0, macs: 0 } },
];
const rows = [
  [0.2, 0.6],
  [0, 0.1],
  [0, 0],
];
const matrix: Matrix = {
  ...{
    groups: ['stem', 'wide', 'whole'],
    grid: [0.25, 0.75],
    metric: TOP1,
    values: rows,
    drop: rows,
    monotoneDrop: rows,
  },
  ...{ contribution: rows, standardError: rows },
};

it('measures every group against the widest', () => {
  expect(structureRows(structure, 'position', matrix).slice(0, 2)).toEqual([
    {
      ...{ group: 'stem', before: 16, after: 12, beforeShare: 0.25, afterShare: 0.1875, removedShare: 0.25 },
      ...{ savedMacs: 900, drop: 0.2 },
    },
    {
      ...{ group: 'wide', before: 64, after: 16, beforeShare: 1, afterShare: 0.25, removedShare: 0.75 },
      ...{ savedMacs: 400, drop: 0.1 },
    },
  ]);
});

it('orders by what was removed, what that saved, and what it cost', () => {
  const groups = (order: StructureOrder) => structureRows(structure, order, matrix).map(({ group }) => group);
  expect(groups('removed')).toEqual(['wide', 'stem', 'whole']);
  expect(groups('saving')).toEqual(['stem', 'wide', 'whole']);
  expect(groups('drop')).toEqual(['stem', 'wide', 'whole']);
  expect(groups('position')).toEqual(['stem', 'wide', 'whole']);
  expect(structureRows([], 'saving')).toEqual([]);
});

it('knows nothing of a whole group, of old results and without samples', () => {
  expect(structureRows(structure, 'position', matrix)[2]?.drop).toBe(null);
  const old = [{ group: 'stem', before: 16, after: 12, savedAlone: null }];
  expect(structureRows(old, 'drop')).toMatchObject([{ savedMacs: null, drop: null }]);
});
