import type { AnyMetric } from '@espalier/engines';

/** Unknown is a dash, never 0. */
export const UNKNOWN = '–';

/**
 * A share as per cent: "90.18 %". Digits that `n` images cannot tell apart are left out.
 *
 * @param fraction 0..1
 */
export function percent(fraction: number | null, n = 10_000): string {
  if (fraction === null) return UNKNOWN;
  return `${(fraction * 100).toFixed(digitsFor(n))} %`;
}

/** A difference of two shares in percentage points, signed: "−0.42 pt". */
export function points(difference: number | null, n = 10_000): string {
  if (difference === null) return UNKNOWN;
  return `${signed((difference * 100).toFixed(digitsFor(n)))} pt`;
}

/** One image more or less moves a share of n images by 1 / n. */
function digitsFor(n: number): number {
  return Math.min(2, Math.max(0, Math.ceil(Math.log10(n)) - 2));
}

/** With a true minus sign, and no sign before a zero. */
function signed(text: string): string {
  if (Number(text) === 0) return text.replace('-', '');
  return text.startsWith('-') ? text.replace('-', '−') : `+${text}`;
}

const MAGNITUDES = [
  { from: 1e12, unit: 'T' },
  { from: 1e9, unit: 'G' },
  { from: 1e6, unit: 'M' },
  { from: 1e3, unit: 'k' },
] as const;

/** Four significant digits with a unit: 40.81 M, 272.5 k; small numbers as they are. */
export function magnitude(count: number): string {
  const rounded = Number(count.toPrecision(4));
  const found = MAGNITUDES.find(({ from }) => rounded >= from);
  return found ? `${(rounded / found.from).toPrecision(4)} ${found.unit}` : String(count);
}

const SIZES = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** "184.3 MB": powers of a thousand, as file managers count. */
export function fileSize(bytes: number): string {
  const power = Math.min(SIZES.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return `${(bytes / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${SIZES[power]}`;
}

/** "12,340" */
export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** "2.01x": base over pruned. */
export function factor(base: number, pruned: number): string {
  return `${(base / pruned).toFixed(2)}x`;
}

/** "1.37 ms" */
export function milliseconds(ms: number): string {
  return `${ms.toFixed(ms < 10 ? 2 : ms < 100 ? 1 : 0)} ms`;
}

/** "12 ms", "8.4 s", "41 s", "3 min 12 s" */
export function duration(seconds: number): string {
  if (seconds < 0.995) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** Nats, "0.4132". */
export function loss(nats: number | null): string {
  return nats === null ? UNKNOWN : nats.toFixed(4);
}

/** What a value is shown by. */
export type ShownMetric = Pick<AnyMetric, 'name' | 'label' | 'direction' | 'unit'>;

/** A value of a metric: "90.18 %", "0.0412"; nats and ratios are bare numbers. */
export function metricValue({ unit }: Pick<ShownMetric, 'unit'>, value: number | null, n?: number): string {
  if (value === null) return UNKNOWN;
  return unit === 'share' ? percent(value, n) : value.toFixed(4);
}

/** A change of it, signed: "−0.42 pt", "+0.0310". */
export function metricChange({ unit }: Pick<ShownMetric, 'unit'>, difference: number, n?: number): string {
  return unit === 'share' ? points(difference, n) : signed(difference.toFixed(4));
}

/** "output error", "loss in nats", and which way is better where that is not plain. */
export function metricWords({ label, unit, direction }: ShownMetric): string {
  const of = { share: '', nats: ' in nats', ratio: '' }[unit];
  return `${label}${of} (${direction} is better)`;
}

/** "1 image", "12 images" */
export function plural(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}
