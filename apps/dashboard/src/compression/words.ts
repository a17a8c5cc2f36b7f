import { bytes, count, grouped, milliseconds, percent, points, rate, times } from '#src/format/numbers.ts';
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
      return milliseconds(cost);
    case 'throughput':
      return rate(cost);
  }
}

/** "40.8 M → 20.3 M" */
export function costsText(metric: Metric, { before, after }: CompressionBest): string {
  return `${costText(metric, before[metric])} → ${costText(metric, after[metric])}`;
}

/** "91.62 % → 91.20 %" */
export function accuraciesText({ baseTop1, top1 }: CompressionBest): string {
  return `${percent(baseTop1)} → ${percent(top1)}`;
}

/** All that is told of a cell on hover. */
export function cellTitle(best: CompressionBest, metric: Metric): string {
  const accuracy = `top-1 ${accuraciesText(best)} (${points(-best.drop)})`;
  return [best.name, accuracy, costsText(metric, best)].join('\n');
}

/** How the runs of a row were made: "repaired by 2,000 images, 10 epochs". */
export function wayText({
  recipe,
  recalibrate,
  repair,
}: Pick<CompressionRow, 'recipe' | 'recalibrate' | 'repair'>): string {
  return [
    ...(repair > 0 ? [`repaired by ${grouped(repair)} images`] : []),
    recipe ? recipeWords(recipe) : 'not fine-tuned',
    ...(recalibrate ? [`BatchNorm on ${grouped(recalibrate)} images`] : []),
  ].join(', ');
}

/** 0.005 → "0.5 pt" */
export function budgetText(budget: number): string {
  return `${Number((budget * 100).toPrecision(6))} pt`;
}
