// Structures of several runs over one another: a row each channel group, a bar each run.
import type { Structure } from './compare-query.ts';

export interface OverlayRow {
  readonly group: string;
  readonly before: number;
  /** Of the widest group. */
  readonly beforeShare: number;
  /** In the order of the runs; null where a run's network has no such group. */
  readonly kept: readonly ({ readonly after: number; readonly share: number } | null)[];
}

/** Groups in the order of the first structure that has them; `share` is of the widest group of all. */
export function overlayRows(structures: readonly Structure[]): OverlayRow[] {
  const widths = new Map<string, number>();
  for (const { groups, before } of structures) {
    groups.forEach((group, index) => {
      widths.set(group, Math.max(widths.get(group) ?? 0, before[index] ?? 0));
    });
  }
  const widest = Math.max(1, ...widths.values());
  return [...widths].map(([group, before]) => ({
    group,
    before,
    beforeShare: before / widest,
    kept: structures.map(({ groups, after }) => {
      const width = after[groups.indexOf(group)];
      return width === undefined ? null : { after: width, share: width / widest };
    }),
  }));
}
