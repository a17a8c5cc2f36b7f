import type { Ranking } from '../criteria/index.ts';
import { unitsRemoved } from '../grid.ts';
import type { RowWork } from './executor.ts';
import type { SweepRequest } from './request.ts';

/** Rows run over all criteria: those of the c-th begin here. */
export function firstRow({ criteria }: Pick<SweepRequest, 'criteria'>, c: number): number {
  return criteria.slice(0, c).reduce((sum, { rankings }) => sum + rankings.length, 0);
}

export function allRankings({ criteria }: Pick<SweepRequest, 'criteria'>): Ranking[] {
  return criteria.flatMap(({ rankings }) => rankings);
}

/** The cells that the grid asks of each row; several ratios may remove the same number of units. */
export function wantedRows(request: Pick<SweepRequest, 'criteria' | 'grid'>): RowWork[] {
  return allRankings(request).map(({ group }, row) => {
    const removed = new Set(request.grid.map((ratio) => unitsRemoved(ratio, group.width)));
    removed.delete(0);
    return { row, removed: [...removed].sort((a, b) => a - b) };
  });
}
