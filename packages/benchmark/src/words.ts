import type { Spread } from '@espalier/comparison';
import type { Target } from '@espalier/pruning';

/** "62.31 %" */
export function percent(fraction: number, digits = 2): string {
  return `${(fraction * 100).toFixed(digits)} %`;
}

/** "62.31 ± 1.20 %"; no "±" for one value. */
export function percentOf({ mean, deviation }: Spread): string {
  if (deviation === null) return percent(mean);
  return `${(mean * 100).toFixed(2)} ± ${(deviation * 100).toFixed(2)} %`;
}

/** "+1.20 ± 0.31", in points, with a true minus sign. */
export function pointsOf({ mean, deviation }: Spread): string {
  const value = (mean * 100).toFixed(2);
  const signed = mean < 0 ? value.replace('-', '−') : `+${value}`;
  return deviation === null ? signed : `${signed} ± ${(deviation * 100).toFixed(2)}`;
}

/** The share that is to go: "50 % MACs". */
export function targetWords({ metric, share }: Target): string {
  return `${Number((share * 100).toFixed(1))} % ${metric === 'macs' ? 'MACs' : 'params'}`;
}
