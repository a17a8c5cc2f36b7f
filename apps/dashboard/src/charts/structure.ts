import type { GroupWidth } from './matrix.ts';

export type StructureOrder = 'position' | 'saving';

export interface StructureRow extends GroupWidth {
  /** Of the widest group, both. */
  readonly beforeShare: number;
  readonly afterShare: number;
  readonly removedShare: number;
}

/** One row a group: its width before and after, against the widest one. */
export function structureRows(structure: readonly GroupWidth[], order: StructureOrder): StructureRow[] {
  const widest = Math.max(1, ...structure.map(({ before }) => before));
  const rows = structure.map(({ group, before, after }) => ({
    group,
    before,
    after,
    beforeShare: before / widest,
    afterShare: after / widest,
    removedShare: before === 0 ? 0 : 1 - after / before,
  }));
  return order === 'saving' ? rows.sort((a, b) => b.removedShare - a.removedShare) : rows;
}
