import { type AnyMetric, METRIC_NAMES, METRICS, metricBy } from '@espalier/engines';

/** A metric by the name that the API has for it; null is of before there was a choice. */
export function metricNamed(name: string | null): AnyMetric {
  if (name === null) return METRICS.top1;
  const own = METRIC_NAMES.find((each) => each.toUpperCase() === name);
  return own ? METRICS[own] : metricBy(name);
}

/** The metric of all of them; null if they have several, or there is none. */
export function commonMetric(metrics: readonly AnyMetric[]): AnyMetric | null {
  const [first] = metrics;
  return first && metrics.every(({ name }) => name === first.name) ? first : null;
}

/** What a drop, which is how much worse, does to the value: of an error it is added. */
export function changeOf({ direction }: AnyMetric, drop: number): number {
  return direction === 'higher' ? -drop : drop;
}

/** The head of a column of its values: "top-1", "output error (lower is better)". */
export function columnHead({ label, direction }: AnyMetric): string {
  return direction === 'lower' ? `${label} (lower is better)` : label;
}

/** The unpruned network by a metric: beside itself, or by what it was evaluated to. */
export function unprunedValue(
  { name, unchanged }: AnyMetric,
  base: Readonly<Record<'top1' | 'top5' | 'loss', number | null>> | null,
): number | null {
  if (unchanged !== null || base === null) return unchanged;
  return name === 'top1' || name === 'top5' || name === 'loss' ? base[name] : null;
}
