import type { Spread } from '@espalier/comparison';
import { COST_FACTS } from '@espalier/network';
import type { AskedTarget } from '@espalier/pruning';

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

/** The share that is to go, or what is to be left: "50 % MACs", "2.5 ms". */
export function targetWords({ metric, share, ms }: AskedTarget): string {
  if (ms !== undefined) return `${ms} ms`;
  return `${Number((share * 100).toFixed(1))} % ${COST_FACTS[metric].title}`;
}
