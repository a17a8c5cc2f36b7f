import { asCompared, badges, type ComparedResult, comparability } from '@espalier/pruning';
import type { PublishedRow } from '../published/published-tables.ts';
import type { ColumnName } from './columns.ts';
import type { Comparison } from './comparison.ts';

/** What the rules go by, under the names that the rules have for it. */
const NEEDED = {
  name: 'name',
  base: 'baseHash',
  dataset: 'datasetHash',
  images: 'images',
  recipe: 'recipeHash',
  recalibrated: 'recalibrate',
  allocation: 'allocation',
  criterion: 'criterion',
  seed: 'seed',
  metric: 'metric',
  share: 'share',
  params: 'params',
  macs: 'macs',
  savedParams: 'savedParams',
  savedMacs: 'savedMacs',
  top1: 'top1',
  top5: 'top5',
  classes: 'classes',
  device: 'engine',
} as const satisfies Record<Exclude<keyof ComparedResult, 'published'>, ColumnName>;

/** Whether the accuracies of these runs and publications may be compared; runs without a result have none. */
export async function comparabilityOf(comparison: Comparison, published: readonly PublishedRow[]) {
  const columns = await Promise.all(
    Object.entries(NEEDED).map(async ([key, name]) => [key, await comparison.column(name)] as const),
  );
  const [[, names]] = columns as [readonly [string, readonly unknown[]]];
  const results = names
    .map((_, run) => Object.fromEntries(columns.map(([key, values]) => [key, values[run]])))
    .map((values) => ({ ...values, published: false }) as unknown as ComparedResult)
    .filter(({ macs }) => macs !== null);
  const verdict = comparability([...results, ...published.map(asCompared)]);
  return { ...verdict, results: results.length, published: published.length, badges: badges(results) };
}
