import type { GroupWidth } from '#src/charts/matrix.ts';
import type { SearchStep } from '#src/charts/search.ts';
import type { RunDetail } from './run-page-query.ts';

/** The pruned network's widths; empty before there is one. */
export function structureOf({ result }: Pick<RunDetail, 'result'>): GroupWidth[] {
  return Array.isArray(result?.structure) ? (result.structure as GroupWidth[]) : [];
}

/** The steps of the search; empty where there was none, or before it. */
export function traceOf({ result }: Pick<RunDetail, 'result'>): SearchStep[] {
  return Array.isArray(result?.trace) ? (result.trace as SearchStep[]) : [];
}
