import { fixed } from '#src/format/numbers.ts';
import type { BestSpread } from './ratios-query.ts';

/** With as many decimals as the mean has of its three digits: of 12.3× "± 1.2". Null where it is not known. */
export function deviationText({ mean, deviation }: Pick<BestSpread, 'mean' | 'deviation'>): string | null {
  if (deviation === null) return null;
  const before = Math.floor(Math.log10(Math.max(Math.abs(mean), 1e-9)));
  return `± ${fixed(deviation, Math.min(3, Math.max(0, 2 - before)))}`;
}
