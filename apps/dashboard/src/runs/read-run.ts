import type { GroupWidth } from '#src/charts/matrix.ts';
import type { RunDetail } from './run-page-query.ts';

/** A pruned network's widths as ratios for a manual allocation, rounded up so that none gives a unit less; empty before there is one. */
export function sharesText(structure: readonly GroupWidth[]): string {
  return structure
    .filter(({ before, after }) => after < before)
    .map(({ group, before, after }) => `${group}=${Math.ceil((1 - after / before) * 1e4) / 1e4}`)
    .join('; ');
}

/** What was worth knowing, each once: an attempt that is done again says it again. */
export function warningsOf({ events }: { readonly events: RunDetail['events'] }): string[] {
  return [...new Set(events.flatMap((event) => (event.__typename === 'WarningEvent' ? [event.text] : [])))];
}
