// Numbers as a table for people has them: with their units, a true minus sign, and the digits that carry meaning.

/** 0.9162 → "91.62 %". */
export function percent(share: number, digits = 2): string {
  return minus(`${(share * 100).toFixed(digits)} %`);
}

/** A difference of two shares in percentage points: −0.0042 → "−0.42 pt". */
export function points(difference: number): string {
  const text = (difference * 100).toFixed(2);
  if (Number(text) === 0) return '±0.00 pt';
  return `${minus(difference > 0 ? `+${text}` : text)} pt`;
}

/** 2.0134 → "2.01×". */
export function times(ratio: number): string {
  return `${ratio.toFixed(ratio < 100 ? 2 : 0)}×`;
}

/** A ratio of times with its interval: "0.85× (0.81 to 0.88), slower"; what is not plain is said in words. */
export function speedup(ratio: number, low: number | null, high: number | null): string {
  if (low === null || high === null) return ratio < 1 ? `${times(ratio)}, slower` : times(ratio);
  const within = `${times(ratio)} (${low.toFixed(2)} to ${high.toFixed(2)})`;
  if (high < 1) return `${within}, slower`;
  return low <= 1 ? `${within}, no difference shows` : within;
}

const PREFIXES = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
] as const;

/** 40,813,184 → "40.8 M"; three digits that count. */
export function magnitude(value: number, unit = ''): string {
  const [scale, prefix] = PREFIXES.find(([from]) => Math.abs(value) >= from * 0.9995) ?? [1, ''];
  const scaled = value / scale;
  const digits =
    scale === 1 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(Math.abs(Number(scaled.toPrecision(3))))));
  return [minus(scaled.toFixed(digits)), `${prefix}${unit}`].filter(Boolean).join(' ');
}

/** "1.37 ms" */
export function milliseconds(ms: number): string {
  return `${ms.toFixed(ms < 10 ? 2 : ms < 100 ? 1 : 0)} ms`;
}

/** What a value is in: a share 0..1, nats, or a plain ratio. */
export type Unit = 'share' | 'nats' | 'ratio';

/** "91.62 %", "0.4132 nats", "0.0412". */
export function valueIn(unit: Unit, value: number): string {
  if (unit === 'share') return percent(value);
  return `${minus(value.toFixed(4))}${unit === 'nats' ? ' nats' : ''}`;
}

/** A difference of two values with its sign: "−0.42 pt", "+0.0310 nats". */
export function changeIn(unit: Unit, difference: number): string {
  if (unit === 'share') return points(difference);
  return `${difference > 0 ? '+' : ''}${valueIn(unit, difference)}`;
}

/** A mean with its deviation over repetitions: "91.62 ± 0.20 %", "0.0412 ± 0.0031"; none for one value. */
export function spreadIn(
  unit: Unit,
  spread: { readonly mean: number; readonly deviation: number | null },
): string {
  if (unit === 'share') return percentOf(spread);
  const { mean, deviation } = spread;
  return deviation === null ? valueIn(unit, mean) : `${minus(mean.toFixed(4))} ± ${valueIn(unit, deviation)}`;
}

/** A share with its deviation over repetitions: "91.62 ± 0.20 %"; none for one value. */
export function percentOf({
  mean,
  deviation,
}: {
  readonly mean: number;
  readonly deviation: number | null;
}): string {
  if (deviation === null) return percent(mean);
  return `${(mean * 100).toFixed(2)} ± ${(deviation * 100).toFixed(2)} %`;
}

function minus(text: string): string {
  return text.replace(/^-/, '−');
}
