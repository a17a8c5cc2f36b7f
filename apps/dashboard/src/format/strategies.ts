/**
 * One colour for each way to allocate, the same on every page, from the set of Okabe and Ito (safe for
 * colour-blind readers); CIE has the leaf green.
 */
const COLOURS: Readonly<Record<string, string>> = {
  cie: '#2e9e4f',
  'cie-proportional': '#56b4e9',
  'cie-iterative': '#8c6bb1',
  global: '#0072b2',
  uniform: '#e69f00',
  sensitivity: '#d55e00',
  greedy: '#cc79a7',
  'least-loss': '#b8860b',
  'least-drop': '#7a5c00',
  random: '#999999',
  manual: '#117a65',
};
const OTHERS = ['#a6761d', '#4d6a8a'];

/** Of any name: those that are not known share the rest, by their letters. */
export function strategyColour(allocation: string): string {
  const known = COLOURS[byHand(allocation) === null ? allocation : 'manual'];
  if (known) return known;
  const sum = [...allocation].reduce((total, letter) => total + (letter.codePointAt(0) ?? 0), 0);
  return OTHERS[sum % OTHERS.length] ?? '#999999';
}

/** The shares of "manual(...)"; null for an allocation of another kind. */
export function byHand(allocation: string): string | null {
  return /^manual\((.*)\)$/s.exec(allocation)?.[1] ?? null;
}

/** What there is a share of. */
export const METRIC_NAMES = { MACS: 'MACs', PARAMS: 'params', LATENCY: 'latency' } as const;
export type CostMetric = keyof typeof METRIC_NAMES;

/** Of each, the field of a result that has the share of it that was saved. */
export const SAVED = { MACS: 'savedMacs', PARAMS: 'savedParams', LATENCY: 'savedLatency' } as const;

export function isCostMetric(metric: string): metric is CostMetric {
  return metric in METRIC_NAMES;
}

export function metricName(metric: string): string {
  return isCostMetric(metric) ? METRIC_NAMES[metric] : metric;
}

/** The share that is to go, or what is to be left: "50 % MACs", "2.5 ms". */
export function targetWords({
  metric,
  share,
  targetMs = null,
}: {
  readonly metric: string;
  readonly share: number;
  readonly targetMs?: number | null;
}): string {
  if (targetMs !== null) return `${targetMs} ms`;
  return `${Number((share * 100).toFixed(1))} % ${metricName(metric)}`;
}
