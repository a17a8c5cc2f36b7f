import type { GroupWidth } from '#src/charts/matrix.ts';
import type { SearchStep } from '#src/charts/search.ts';
import type { RunDetail } from './run-page-query.ts';

/** The pruned network's widths; empty before there is one. */
export function structureOf({ result }: Pick<RunDetail, 'result'>): GroupWidth[] {
  return Array.isArray(result?.structure) ? (result.structure as GroupWidth[]) : [];
}

/** A pruned network's widths as shares by hand, rounded up so that none gives a unit less; empty before there is one. */
export function sharesText(structure: readonly GroupWidth[]): string {
  return structure
    .filter(({ before, after }) => after < before)
    .map(({ group, before, after }) => `${group}=${Math.ceil((1 - after / before) * 1e4) / 1e4}`)
    .join('; ');
}

/** The steps of the search; empty where there was none, or before it. */
export function traceOf({ result }: Pick<RunDetail, 'result'>): SearchStep[] {
  return Array.isArray(result?.trace) ? (result.trace as SearchStep[]) : [];
}

/** A round of a search that samples what the one before has left. */
export interface RoundDetail {
  /** From 1. */
  readonly round: number;
  /** Shares of the first cost that are gone. */
  readonly achieved: { readonly macs: number; readonly params: number };
  /** On the images that it sampled, before its cut and right behind it. */
  readonly before: { readonly top1: number };
  readonly after: { readonly top1: number };
}

/** Empty for a search in one go. */
export function roundsOf({ result }: Pick<RunDetail, 'result'>): RoundDetail[] {
  const rounds = result?.rounds;
  return Array.isArray(rounds) ? (rounds as RoundDetail[]) : [];
}

/** What was worth knowing, each once: an attempt that is done again says it again. */
export function warningsOf({ events }: { readonly events: RunDetail['events'] }): string[] {
  const texts = events.filter(({ kind }) => kind === 'warning').map(({ data }) => data as { text?: unknown });
  return [...new Set(texts.map(({ text }) => String(text)))];
}
