import { expect, it } from 'vitest';
import { structureRows } from './structure.ts';

const structure = [
  { group: 'stem', before: 16, after: 12 },
  { group: 'wide', before: 64, after: 16 },
];

it('measures every group against the widest', () => {
  expect(structureRows(structure, 'position')).toEqual([
    { group: 'stem', before: 16, after: 12, beforeShare: 0.25, afterShare: 0.1875, removedShare: 0.25 },
    { group: 'wide', before: 64, after: 16, beforeShare: 1, afterShare: 0.25, removedShare: 0.75 },
  ]);
});

it('orders by what was removed', () => {
  expect(structureRows(structure, 'saving').map(({ group }) => group)).toEqual(['wide', 'stem']);
  expect(structureRows([], 'saving')).toEqual([]);
});
