import { METRICS, type MetricName, unpackFlags } from '@espalier/engines';
import type { PrunedResult } from '@espalier/store';

/** What was told of a network elsewhere. */
type Told = Pick<PrunedResult, 'value' | 'hits' | 'images'>;

/** What a worker found on images of the same split. */
interface Found {
  readonly value: number;
  /** How many. */
  readonly n: number;
  /** Their places in the split; null for all. */
  readonly drawn: readonly number[] | null;
}

/**
 * What a found value is compared with: the told one of the same images, where it was told which ones are right or all
 * were evaluated, else that of the whole split, with the standard error that drawing so many images has.
 */
export function toldOf(
  metric: MetricName,
  { value: told, hits, images }: Told,
  { value, n, drawn }: Found,
): { readonly told: number | null; readonly standardError: number | null } {
  if (drawn === null || told === null || images === null) return { told, standardError: 0 };
  if (metric === 'top1' && hits !== null) {
    const right = unpackFlags(hits, images);
    return { told: drawn.reduce((sum, at) => sum + (right[at] ?? 0), 0) / n, standardError: 0 };
  }
  // Of a loss it is not known how much images differ.
  if (METRICS[metric].unit !== 'share') return { told, standardError: null };
  const finite = (images - n) / Math.max(1, images - 1);
  return { told, standardError: Math.sqrt((value * (1 - value) * finite) / n) };
}
