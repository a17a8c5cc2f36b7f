// How values of metrics by which networks are judged are written: with the unit of each, and which way is better.
import { graphql, type ResultOf } from '#src/graphql/graphql.ts';
import { fixed, type Maybe, percent, points, UNKNOWN } from './numbers.ts';

export const qualityMetric = graphql(`
  fragment QualityMetricFields on QualityMetric @_unmask {
    name
    label
    direction
    unit
    unchanged
  }
`);

export type QualityMetric = ResultOf<typeof qualityMetric>;
export type QualityMetricName = QualityMetric['name'];

/** By what networks of before there was a choice are judged, and published ones. */
export const TOP1: QualityMetric = {
  ...{ name: 'TOP1', label: 'top-1', direction: 'HIGHER', unit: 'SHARE', unchanged: null },
};

const share = { direction: 'HIGHER', unit: 'SHARE' } as const;
const nats = { direction: 'LOWER', unit: 'NATS' } as const;

/** As the API tells them: columns of runs have their names alone. */
const METRICS: Readonly<Partial<Record<QualityMetricName, QualityMetric>>> = {
  TOP1,
  TOP5: { name: 'TOP5', label: 'top-5', ...share, unchanged: null },
  LOSS: { name: 'LOSS', label: 'loss', ...nats, unchanged: null },
  FIDELITY: { name: 'FIDELITY', label: 'output error', direction: 'LOWER', unit: 'RATIO', unchanged: 0 },
  AGREEMENT: { name: 'AGREEMENT', label: 'agreement', ...share, unchanged: 1 },
  KL: { name: 'KL', label: 'KL divergence', ...nats, unchanged: 0 },
  COSINE: {
    ...{ name: 'COSINE', label: 'cosine similarity', direction: 'HIGHER', unit: 'RATIO', unchanged: 1 },
  },
};

/** In the order in which they are told. */
export const QUALITY_METRICS = Object.keys(METRICS) as QualityMetricName[];

const FOREIGN = /^(.+):(higher|lower):(share|nats|ratio)$/s;

/**
 * A metric by the name that a column has for it; null is of before there was a choice. One of another tool is called by a
 * key that says all of it: "mAP:higher:share".
 */
export function metricNamed(name: string | null): QualityMetric {
  const own = METRICS[name ?? 'TOP1'];
  if (own) return own;
  const [key = '', label = key, direction = 'higher', unit = 'ratio'] = FOREIGN.exec(name ?? '') ?? [];
  return {
    ...{ name: key, label, unchanged: null },
    direction: direction === 'lower' ? 'LOWER' : 'HIGHER',
    unit: unit === 'share' ? 'SHARE' : unit === 'nats' ? 'NATS' : 'RATIO',
  };
}

/** What a value is shown by, also one of a metric that another tool has. */
export type ShownMetric = Pick<QualityMetric, 'label' | 'direction' | 'unit'>;

type Unit = Pick<QualityMetric, 'unit'>;

/** "91.62 %", "0.413 nats", "0.0412". */
export function valueText({ unit }: Unit, value: Maybe, decimals = 2): string {
  if (unit === 'SHARE') return percent(value, decimals);
  const text = fixed(value, decimals + (unit === 'NATS' ? 1 : 2));
  return unit === 'NATS' && text !== UNKNOWN ? `${text} nats` : text;
}

/** A difference of two values with its sign: "−0.42 pt", "+0.031 nats", "+0.0310". */
export function changeText(metric: Unit, difference: Maybe, decimals = 2): string {
  if (metric.unit === 'SHARE') return points(difference, decimals);
  const text = valueText(metric, difference, decimals);
  return typeof difference === 'number' && difference > 0 && text !== UNKNOWN ? `+${text}` : text;
}

/** The same without a plus or ±: of a drop or a standard error, which no sign is needed for. */
export function amountText(metric: Unit, amount: Maybe, decimals = 2): string {
  return changeText(metric, amount, decimals).replace(/^[+±]/, '');
}

/** What a drop, which is how much worse, does to the value: of an error it is added. */
export function changeOf({ direction }: Pick<QualityMetric, 'direction'>, drop: Maybe): number | null {
  if (typeof drop !== 'number') return null;
  return direction === 'HIGHER' ? -drop : drop;
}

/** "Top-1", "Output error". */
export function headOf({ label }: Pick<QualityMetric, 'label'>): string {
  return `${label.charAt(0).toUpperCase()}${label.slice(1)}`;
}

/** "lower is better", where that is not plain: of a share more is. */
export function directionWords({ direction }: Pick<QualityMetric, 'direction'>): string {
  return direction === 'LOWER' ? 'lower is better' : 'higher is better';
}

/** The metric of all of them; null where they have several, or there is none. */
export function commonMetric(metrics: readonly QualityMetric[]): QualityMetric | null {
  const [first, ...others] = metrics;
  return first && others.every(({ name }) => name === first.name) ? first : null;
}

/** The unpruned network by a metric: beside itself, or by what it was evaluated to. */
export function unprunedValue(
  { name, unchanged }: Pick<QualityMetric, 'name' | 'unchanged'>,
  base: { readonly top1: Maybe; readonly top5?: Maybe; readonly loss?: Maybe } | null | undefined,
): number | null {
  if (unchanged !== null) return unchanged;
  const measured = { TOP1: base?.top1, TOP5: base?.top5, LOSS: base?.loss };
  return (name in measured ? measured[name as keyof typeof measured] : null) ?? null;
}
