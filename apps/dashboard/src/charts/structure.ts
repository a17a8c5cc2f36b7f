import type { PrunedGroup } from '#src/runs/result-fields.ts';
import { chosenColumn, type GroupWidth, type Matrix, removedShare } from './matrix.ts';

export type BarGroup = Omit<PrunedGroup, 'kept'>;

export const STRUCTURE_ORDERS = {
  position: 'by position in the network',
  removed: 'by share removed',
  saving: 'by MACs saved',
  drop: 'by drop of the group alone',
} as const;

export type StructureOrder = keyof typeof STRUCTURE_ORDERS;

export interface StructureRow {
  readonly group: string;
  readonly before: number;
  readonly after: number;
  /** Of the widest group, both. */
  readonly beforeShare: number;
  readonly afterShare: number;
  readonly removedShare: number;
  /** MACs that its cut saves by itself; null where that was not kept. */
  readonly savedMacs: number | null;
  /** By the metric of the matrix, at the sampled ratio next to what was removed of it alone; null without samples or without a cut. */
  readonly drop: number | null;
}

/** Channels of the widest group before pruning: the longest bar. */
export function widestOf(structure: readonly BarGroup[]): number {
  return Math.max(1, ...structure.map(({ before }) => before));
}

/** One row a group: its width before and after, against the widest one, what that saved and what it cost. */
export function structureRows(
  structure: readonly BarGroup[],
  order: StructureOrder,
  matrix: Matrix | null = null,
): StructureRow[] {
  const widest = widestOf(structure);
  const rows = structure.map((width) => ({
    group: width.group,
    before: width.before,
    after: width.after,
    beforeShare: width.before / widest,
    afterShare: width.after / widest,
    removedShare: removedShare(width) ?? 0,
    savedMacs: width.savedAlone?.macs ?? null,
    drop: dropOf(matrix, width),
  }));
  const by = {
    position: () => 0,
    removed: (row: StructureRow) => row.removedShare,
    saving: (row: StructureRow) => row.savedMacs ?? 0,
    drop: (row: StructureRow) => row.drop ?? Number.NEGATIVE_INFINITY,
  }[order];
  return rows.sort((a, b) => by(b) - by(a) || 0);
}

function dropOf(matrix: Matrix | null, width: GroupWidth): number | null {
  if (!matrix) return null;
  return matrix.monotoneDrop[matrix.groups.indexOf(width.group)]?.[chosenColumn(matrix, width)] ?? null;
}
