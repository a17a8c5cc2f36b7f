import type { Cost } from './cost.ts';

/** What a network costs, and what pruning can be asked to save, in the order in which people are told of it. */
export const COST_METRICS = ['macs', 'params', 'latency'] as const;

export type CostMetric = (typeof COST_METRICS)[number];

/** Cost as far as it is known: latency, in milliseconds, only where a device profile tells it. */
export interface Costs extends Cost {
  readonly latency?: number;
}

interface CostFacts {
  /** In a sentence: "half of the MACs". */
  readonly title: string;
  /** null: a count. */
  readonly unit: 'ms' | null;
  /** Whether a network of wider groups never costs less. Time does not keep to that. */
  readonly risesWithWidth: boolean;
  /** The same wherever a network runs: latency is that of one device. */
  readonly isCounted: boolean;
}

export const COST_FACTS = {
  macs: { title: 'MACs', unit: null, risesWithWidth: true, isCounted: true },
  params: { title: 'params', unit: null, risesWithWidth: true, isCounted: true },
  latency: { title: 'latency', unit: 'ms', risesWithWidth: false, isCounted: false },
} as const satisfies Record<CostMetric, CostFacts>;

export function isCostMetric(name: string): name is CostMetric {
  return COST_METRICS.some((metric) => metric === name);
}

/** Something of each cost that is known of `costs`. */
export function mapCosts(costs: Costs, of: (value: number, metric: CostMetric) => number): Costs {
  const { params, macs, latency } = costs;
  return {
    params: of(params, 'params'),
    macs: of(macs, 'macs'),
    ...(latency === undefined ? {} : { latency: of(latency, 'latency') }),
  };
}
