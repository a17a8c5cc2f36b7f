// A budget in the address: ?budget=macs&most=20 is 20 M MACs.
import { count, milliseconds } from '#src/format/numbers.ts';
import { metricName } from '#src/format/strategies.ts';
import { enumOf } from '#src/graphql/enum-words.ts';
import type { SearchParams } from '#src/lists/address.ts';

/** What there may be a budget of, and how much one of its unit in the form is. */
export const BUDGETS = {
  macs: { name: 'million MACs', unit: 1e6 },
  params: { name: 'thousand params', unit: 1e3 },
  latencyMs: { name: 'ms a single image', unit: 1 },
  predictedMs: { name: 'ms on the device, predicted', unit: 1 },
} as const;
type BudgetMetric = keyof typeof BUDGETS;

export interface Budget {
  readonly metric: BudgetMetric;
  /** MACs, params, milliseconds. */
  readonly most: number;
}

/** Null where none is asked for, or what is asked for is none. */
export function readBudget(params: SearchParams): Budget | null {
  const metric = Object.keys(BUDGETS).find((name): name is BudgetMetric => name === params.budget);
  const amount = typeof params.most === 'string' ? Number(params.most) : Number.NaN;
  if (!metric || !Number.isFinite(amount) || amount <= 0) return null;
  return { metric, most: amount * BUDGETS[metric].unit };
}

/** What the API is asked for. */
export function budgetInput({ metric, most }: Budget) {
  return { metric: enumOf(metric), most };
}

/** "20 M MACs" */
export function budgetWords({ metric, most }: Budget): string {
  if (metric === 'predictedMs') return `${milliseconds(most)} on the device`;
  return metric === 'latencyMs' ? milliseconds(most) : `${count(most)} ${metricName(enumOf(metric))}`;
}
