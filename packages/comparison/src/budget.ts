/** What accuracy is paid with; latency is the median of one image, in milliseconds. */
export type BudgetMetric = 'macs' | 'params' | 'latencyMs';

export interface Budget {
  readonly metric: BudgetMetric;
  /** The most that may be spent, itself included. */
  readonly most: number;
}

/** What is asked of a result; null where it is not known. */
export type Priced = { readonly top1: number | null } & { readonly [metric in BudgetMetric]: number | null };

/**
 * The most accurate result within a budget ("the highest accuracy below 20 M MACs"). Of equally accurate ones the
 * cheaper, of equally cheap ones the first. What is not known is not within a budget.
 *
 * @returns null where nothing is within it
 */
export function bestUnder<T extends Priced>(rows: readonly T[], { metric, most }: Budget): T | null {
  let best: { row: T; top1: number; cost: number } | null = null;
  for (const row of rows) {
    const { top1, [metric]: cost } = row;
    if (top1 === null || cost === null || cost > most) continue;
    if (!best || top1 > best.top1 || (top1 === best.top1 && cost < best.cost)) best = { row, top1, cost };
  }
  return best?.row ?? null;
}
