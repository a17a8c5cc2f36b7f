import { groupedBy, paretoFront } from '@espalier/comparison';
import { metricBy } from '@espalier/engines';

/** Of runs, all in one order; what is not known is null. */
export interface FrontColumns {
  readonly metrics: readonly string[];
  readonly weights: readonly (string | null)[];
  /** By the metric of the run. */
  readonly values: readonly (number | null)[];
  readonly costs: readonly (number | null)[];
}

/**
 * Which runs no other one beats in value and cost. A front for each metric and its weights: values of two metrics have
 * no common scale.
 *
 * @returns a flag for each run
 */
export function frontsByMetric({ metrics, weights, values, costs }: FrontColumns): boolean[] {
  const flags = metrics.map(() => false);
  const places = [...metrics.keys()];
  for (const own of groupedBy(places, (run) => `${metrics[run]} ${weights[run]}`).values()) {
    const [first = 0] = own;
    const of = (column: readonly (number | null)[]) => own.map((run) => column[run] ?? null);
    const { direction: better } = metricBy(metrics[first] ?? 'top1');
    const front = paretoFront({ values: of(values), better }, { values: of(costs), better: 'lower' });
    for (const [at, run] of own.entries()) flags[run] = front[at] ?? false;
  }
  return flags;
}
