import type { Maybe } from '#src/format/numbers.ts';
import { plural } from '#src/format/numbers.ts';
import { type QualityMetric, unprunedValue, valueText } from '#src/format/quality.ts';

/** What a sampling has measured of the unpruned network before anything is cut. */
interface Sampled {
  readonly baselineValue: Maybe;
  readonly samples: number;
}

/**
 * What the unpruned network is worth, as soon as anything is known of it: on the test split once it is tested, until then
 * on the images of a sampling.
 *
 * @param samplings of the runs that there are; null of a run without one
 */
export function unprunedWords(
  metric: QualityMetric,
  base: Parameters<typeof unprunedValue>[1],
  samplings: readonly (Sampled | null)[],
): string {
  if (metric.unchanged !== null) return `${valueText(metric, metric.unchanged)}, by definition`;
  const tested = unprunedValue(metric, base);
  if (tested !== null) return valueText(metric, tested);
  const first = samplings.find((sampling) => typeof sampling?.baselineValue === 'number');
  if (!first) return 'measured by the first run';
  return `${valueText(metric, first.baselineValue)} on ${plural(first.samples, 'search image')} so far`;
}
