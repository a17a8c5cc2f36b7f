import { METRICS, type MetricName, type QualityMetric } from '@espalier/engines';

/** A metric by the name that the API has for it; null is of before there was a choice. */
export function metricNamed(name: string | null): QualityMetric {
  return METRICS[(name ?? 'TOP1').toLowerCase() as MetricName] ?? METRICS.top1;
}

/** The metric of all of them; null where they have several, or there is none. */
export function commonMetric(metrics: readonly QualityMetric[]): QualityMetric | null {
  const [first] = metrics;
  return first && metrics.every(({ name }) => name === first.name) ? first : null;
}

/** What a drop, which is how much worse, does to the value: of an error it is added. */
export function changeOf({ direction }: QualityMetric, drop: number): number {
  return direction === 'higher' ? -drop : drop;
}

/** The head of a column of its values: "top-1", "output error (lower is better)". */
export function columnHead({ label, direction }: QualityMetric): string {
  return direction === 'lower' ? `${label} (lower is better)` : label;
}

/** The unpruned network by a metric: beside itself, or by what it was evaluated to. */
export function unprunedValue(
  { name, unchanged }: QualityMetric,
  base: Readonly<Record<'top1' | 'top5' | 'loss', number | null>> | null,
): number | null {
  if (unchanged !== null || base === null) return unchanged;
  return name === 'top1' || name === 'top5' || name === 'loss' ? base[name] : null;
}
