// How numbers are written, everywhere: units on all of them, the digits that carry meaning, a dash for what is
// not known (never 0), a true minus sign.

export type Maybe = number | null | undefined;

export const UNKNOWN = '–';

const PREFIXES = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
] as const;

/** 40,813,184 → "40.8 M", 272,474 → "272 k", 812 → "812": three digits that count. */
export function count(value: Maybe, unit = ''): string {
  if (!known(value)) return UNKNOWN;
  const size = Math.abs(value);
  const [scale, prefix] = PREFIXES.find(([from]) => size >= from * 0.9995) ?? [1, ''];
  const text = scale === 1 ? grouped(value, Number.isInteger(value) ? 0 : 1) : digits(value / scale, 3);
  return [minus(text), `${prefix}${unit}`].filter(Boolean).join(' ');
}

/** 0.9162 → "91.62 %". */
export function percent(share: Maybe, decimals = 2): string {
  return known(share) ? minus(`${(share * 100).toFixed(decimals)} %`) : UNKNOWN;
}

/** A difference of two shares in percentage points, with its sign: −0.0042 → "−0.42 pt". */
export function points(difference: Maybe, decimals = 2): string {
  if (!known(difference)) return UNKNOWN;
  const text = (difference * 100).toFixed(decimals);
  if (Number(text) === 0) return `±0${decimals > 0 ? `.${'0'.repeat(decimals)}` : ''} pt`;
  return `${minus(difference > 0 ? `+${text}` : text)} pt`;
}

/** Null where one of both is not known. */
export function difference(now: Maybe, before: Maybe): number | null {
  return known(now) && known(before) ? now - before : null;
}

/** How often `after` goes into `before`: "2.01×". */
export function times(before: Maybe, after: Maybe): string {
  if (!known(before) || !known(after) || after === 0) return UNKNOWN;
  return `${digits(before / after, 3)}×`;
}

/** 1.3712 → "1.37 ms", 1371 → "1.37 s". */
export function milliseconds(ms: Maybe): string {
  if (!known(ms)) return UNKNOWN;
  if (ms < 1) return `${digits(ms * 1000, 3)} µs`;
  return ms < 1000 ? `${digits(ms, 3)} ms` : duration(ms / 1000);
}

/** 192 → "3 min 12 s", 41.2 → "41 s", 0.012 → "12 ms". */
export function duration(seconds: Maybe): string {
  if (!known(seconds)) return UNKNOWN;
  if (seconds < 1) return `${digits(seconds * 1000, 2)} ms`;
  if (seconds < 10) return `${digits(seconds, 2)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return `${Math.floor(minutes / 1440)} d ${Math.round((minutes % 1440) / 60)} h`;
}

/** 12,340 img/s. */
export function rate(perSecond: Maybe, of = 'img'): string {
  return known(perSecond) ? `${grouped(perSecond, perSecond < 10 ? 1 : 0)} ${of}/s` : UNKNOWN;
}

/** Of a file or a memory, in powers of 1,000: "1.09 MB". */
export function bytes(value: Maybe): string {
  if (!known(value)) return UNKNOWN;
  return value < 1000 ? `${value} B` : count(value, 'B');
}

/** With separators: "12,340". */
export function grouped(value: Maybe, decimals = 0): string {
  if (!known(value)) return UNKNOWN;
  return minus(
    value.toLocaleString('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals }),
  );
}

/** A plain number with a fixed number of decimals: losses, learning rates. */
export function fixed(value: Maybe, decimals = 3): string {
  return known(value) ? minus(value.toFixed(decimals)) : UNKNOWN;
}

/** "1 run", "6 runs". */
export function plural(amount: number, one: string, many = `${one}s`): string {
  return `${grouped(amount)} ${amount === 1 ? one : many}`;
}

function known(value: Maybe): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

/** Never in exponents: 40.8, 272, 2.01, 0.00123. */
function digits(value: number, significant: number): string {
  const rounded = Number(value.toPrecision(significant));
  const size = rounded === 0 ? 0 : Math.floor(Math.log10(Math.abs(rounded)));
  return rounded.toFixed(Math.max(0, significant - 1 - size));
}

function minus(text: string): string {
  return text.replace(/^-/, '−');
}
