import { COST_FACTS, COST_METRICS, type CostMetric } from '@espalier/network';

/** Of each cost, the field of a result that has the share of it that was saved. */
const SAVED = {
  macs: 'savedMacs',
  params: 'savedParams',
  latency: 'savedLatency',
} as const satisfies Record<CostMetric, string>;

/** Shares of the base; null if one is not known. */
export interface Savings {
  readonly savedMacs: number | null;
  readonly savedParams: number | null;
  /** By a device profile; left out if there is none. */
  readonly savedLatency?: number | null | undefined;
  /** Hash of that profile; null or left out if there is none. */
  readonly profile?: string | null | undefined;
}

export function savedOf(result: Savings, metric: CostMetric): number | null {
  return result[SAVED[metric]] ?? null;
}

/** The costs that several results know: latency only where one device tells it of all of them. */
export function sharedCosts(results: readonly Savings[]): CostMetric[] {
  const [first] = results;
  const isOneDevice = results.every(({ profile }) => (profile ?? null) === (first?.profile ?? null));
  return COST_METRICS.filter((metric) => COST_FACTS[metric].isCounted || isOneDevice);
}
