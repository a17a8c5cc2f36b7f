import { bytes, count, grouped, milliseconds, plural, rate, times } from '#src/format/numbers.ts';
import { changeOf, changeText, type ShownMetric, valueText } from '#src/format/quality.ts';
import { speedupWords } from '#src/runs/speedup-words.ts';
import { recipeWords } from '#src/settings/recipe-words.ts';
import type { CompressionBest, CompressionRow } from './compression-query.ts';
import type { Metric } from './view.ts';

/** "2.01×" */
export function ratioText(ratio: number | null): string {
  return times(ratio, 1);
}

/** A cost with its unit. */
function costText(metric: Metric, cost: number | null): string {
  switch (metric) {
    case 'params':
    case 'macs':
      return count(cost);
    case 'bytes':
      return bytes(cost);
    case 'latency':
    case 'predicted':
      return milliseconds(cost);
    case 'throughput':
      return rate(cost);
  }
}

/** In which a measured ratio lies; null for what is counted or predicted, and where it was not kept. */
export function intervalOf(
  metric: Metric,
  { latencyInterval, throughputInterval }: Pick<CompressionBest, 'latencyInterval' | 'throughputInterval'>,
) {
  if (metric === 'latency') return latencyInterval;
  return metric === 'throughput' ? throughputInterval : null;
}

/** Which runs a table by the metric leaves out, and why; null where there are none. */
export function leftOutText(metric: Metric, unknown: number, runs: number): string | null {
  if (unknown === 0) return null;
  const of = `${grouped(unknown)} of ${plural(runs, 'finished run')}`;
  return metric === 'predicted'
    ? `${of} ${unknown === 1 ? 'has' : 'have'} no time on a device and ${unknown === 1 ? 'is' : 'are'} left out: give an experiment a device profile when you create it.`
    : `Of ${of} the ratio is not known: ${unknown === 1 ? 'it was' : 'they were'} not measured.`;
}

/** "40.8 M → 20.3 M" */
export function costsText(metric: Metric, { before, after }: CompressionBest): string {
  return `${costText(metric, before[metric])} → ${costText(metric, after[metric])}`;
}

/** "91.62 % → 91.20 %", by the metric of the row. */
export function valuesText(judgedBy: ShownMetric, { baseValue, value }: CompressionBest): string {
  return `${valueText(judgedBy, baseValue)} → ${valueText(judgedBy, value)}`;
}

/** "−0.42 pt", "+0.0310" */
export function lossText(judgedBy: ShownMetric, { drop }: CompressionBest): string {
  return changeText(judgedBy, changeOf(judgedBy, drop));
}

/** All that is told of a cell on hover. */
export function cellTitle(judgedBy: ShownMetric, best: CompressionBest, metric: Metric): string {
  const worth = `${judgedBy.label} ${valuesText(judgedBy, best)} (${lossText(judgedBy, best)})`;
  const { measured } = best;
  // The machine of the profile has the last word on what was predicted.
  const checked =
    metric === 'predicted' && measured
      ? [`measured: ${speedupWords(measured.ratio, measured, 'as fast')}`]
      : [];
  return [best.name, worth, costsText(metric, best), ...checked].join('\n');
}

/** How the runs of a row were judged and made: "by output error, repaired by 2,000 images, 10 epochs". */
export function wayText({
  qualityMetric,
  recipe,
  recalibrate,
  repair,
  evaluators,
}: Pick<CompressionRow, 'qualityMetric' | 'recipe' | 'recalibrate' | 'repair' | 'evaluators'>): string {
  return [
    ...(qualityMetric.name === 'TOP1' ? [] : [`by ${qualityMetric.label}`]),
    ...(repair > 0 ? [`repaired by ${grouped(repair)} images`] : []),
    recipe ? recipeWords(recipe) : 'not fine-tuned',
    ...(recalibrate ? [`BatchNorm on ${grouped(recalibrate)} images`] : []),
    ...(evaluators.length > 0 ? [`judged by ${evaluators.join(', ')}`] : []),
  ].join(', ');
}

/** 0.005 → "0.5 pt" of a share, "0.005" of anything else. */
export function budgetText(budget: number, unit: ShownMetric['unit'] = 'SHARE'): string {
  return unit === 'SHARE' ? `${Number((budget * 100).toPrecision(6))} pt` : String(budget);
}
