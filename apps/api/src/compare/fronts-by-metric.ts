import { evaluatorScales, groupedBy, paretoFront } from '@espalier/comparison';
import { metricBy } from '@espalier/engines';

/** Of runs, all in one order; what is not known is null. */
export interface FrontColumns {
  readonly metrics: readonly string[];
  readonly weights: readonly (string | null)[];
  /** Who judged it elsewhere; null for the platform. */
  readonly evaluators: readonly (string | null)[];
  /** By the same evaluator, of the unpruned network. */
  readonly bases: readonly (number | null)[];
  /** The same for runs of the same unpruned network on the same test images. */
  readonly grounds: readonly string[];
  /** By the metric of the run. */
  readonly values: readonly (number | null)[];
  readonly costs: readonly (number | null)[];
}

/**
 * Which runs no other one beats in value and cost. A front for each metric and its weights, and for each of the
 * evaluators that do not score unpruned networks alike: their values have no common scale.
 *
 * @returns a flag for each run
 */
export function frontsByMetric(columns: FrontColumns): boolean[] {
  const { metrics, weights, evaluators, bases, grounds, values, costs } = columns;
  const flags = metrics.map(() => false);
  const places = [...metrics.keys()];
  const metricOf = (run: number) => `${metrics[run]} ${weights[run]}`;
  const scales = evaluatorScales(
    places.map((run) => ({ run, evaluator: evaluators[run], baseValue: bases[run] })),
    ({ run }) => `${metricOf(run)} ${grounds[run]}`,
  );
  for (const own of groupedBy(places, (run) => `${metricOf(run)} ${scales[run]}`).values()) {
    const [first = 0] = own;
    const of = (column: readonly (number | null)[]) => own.map((run) => column[run] ?? null);
    const { direction: better } = metricBy(metrics[first] ?? 'top1');
    const front = paretoFront({ values: of(values), better }, { values: of(costs), better: 'lower' });
    for (const [at, run] of own.entries()) flags[run] = front[at] ?? false;
  }
  return flags;
}
