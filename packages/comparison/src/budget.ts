import { type Better, lead } from './better.ts';

/**
 * What accuracy is paid with. Milliseconds are the median of one image where the run was computed, or of a run on the
 * device of a profile, as predicted.
 */
export const BUDGET_METRICS = ['macs', 'params', 'latencyMs', 'predictedMs'] as const;
export type BudgetMetric = (typeof BUDGET_METRICS)[number];

export interface Budget {
  readonly metric: BudgetMetric;
  /** The most that may be spent, itself included. */
  readonly most: number;
}

/** What is asked of a result; null if it is not known. */
export type Priced = { readonly value: number | null } & { readonly [metric in BudgetMetric]: number | null };

/**
 * The best result within a budget ("the highest accuracy below 20 M MACs"). Of equally good ones the cheaper, of
 * equally cheap ones the first. What is not known is not within a budget.
 *
 * @param better which values are
 * @returns null if nothing is within it
 */
export function bestUnder<T extends Priced>(
  rows: readonly T[],
  { metric, most }: Budget,
  better: Better,
): T | null {
  let best: { row: T; value: number; cost: number } | null = null;
  for (const row of rows) {
    const { value, [metric]: cost } = row;
    if (value === null || cost === null || cost > most) continue;
    const ahead = best ? lead(better, value, best.value) : 1;
    if (ahead > 0 || (ahead === 0 && best && cost < best.cost)) best = { row, value, cost };
  }
  return best?.row ?? null;
}
