import { type Maybe, times } from '#src/format/numbers.ts';

/** "1.42× as fast (1.38 to 1.47)", and in words what is not plain: that it is slower, or that no difference shows. */
export function speedupWords(
  ratio: Maybe,
  interval: { readonly low: number; readonly high: number } | null | undefined,
  what: string,
): string {
  const found = `${times(ratio, 1)} ${what}`;
  if (!interval) return found;
  const within = `${found} (${interval.low.toFixed(2)} to ${interval.high.toFixed(2)})`;
  if (interval.high < 1) return `${within}: slower than the model`;
  return interval.low <= 1 ? `${within}: no difference shows` : within;
}
