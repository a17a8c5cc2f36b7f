import { type Maybe, times } from '#src/format/numbers.ts';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** A ratio of times in a table: "1.42× (1.38 to 1.47)", "0.850× (0.81 to 0.88), slower". */
export function speedText(ratio: Maybe, interval: Interval | null | undefined): string {
  const found = times(ratio, 1);
  if (!interval) return typeof ratio === 'number' && ratio < 1 ? `${found}, slower` : found;
  const within = `${found} ${intervalText(interval)}`;
  if (isSlower(ratio, interval)) return `${within}, slower`;
  return interval.low <= 1 ? `${within}, no difference shows` : within;
}

/** "(1.38 to 1.47)" */
export function intervalText({ low, high }: Interval): string {
  return `(${low.toFixed(2)} to ${high.toFixed(2)})`;
}

/** Whether it is slower than what it replaces: beyond the interval, where there is one. */
export function isSlower(ratio: Maybe, interval: Interval | null | undefined): boolean {
  return interval ? interval.high < 1 : typeof ratio === 'number' && ratio < 1;
}

/** "1.42× as fast (1.38 to 1.47)", and in words what is not plain: that it is slower, or that no difference shows. */
export function speedupWords(ratio: Maybe, interval: Interval | null | undefined, what: string): string {
  const found = `${times(ratio, 1)} ${what}`;
  if (!interval) return found;
  const within = `${found} ${intervalText(interval)}`;
  if (isSlower(ratio, interval)) return `${within}: slower than the model`;
  return interval.low <= 1 ? `${within}: no difference shows` : within;
}
