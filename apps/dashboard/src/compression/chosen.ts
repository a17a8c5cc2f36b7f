// The runs behind the ratios, each once.
import type { CompressionBest, CompressionRow } from './compression-query.ts';

export interface Chosen {
  readonly row: CompressionRow;
  readonly best: CompressionBest;
  /** That it is the best one of. */
  readonly budgets: readonly number[];
}

/** In the order of rows and budgets. */
export function chosenRuns(rows: readonly CompressionRow[], budgets: readonly number[]): Chosen[] {
  return rows.flatMap((row) => {
    const chosen = new Map<string, Chosen>();
    for (const [i, budget] of budgets.entries()) {
      const best = row.best[i];
      if (!best) continue;
      const before = chosen.get(best.run.id)?.budgets ?? [];
      chosen.set(best.run.id, { row, best, budgets: [...before, budget] });
    }
    return [...chosen.values()];
  });
}

/** A row's key among others: models may share their names. */
export function keyOf(row: CompressionRow): string {
  const { model, dataset, qualityMetric, outputWeights, recalibrate, repair, recipe, images } = row;
  const { profiledDevice, best } = row;
  const judged = [qualityMetric.name, outputWeights];
  return JSON.stringify([
    model.id,
    dataset.id,
    ...judged,
    recalibrate,
    repair,
    recipe,
    images,
    profiledDevice,
    // Rows may be apart in nothing but who judged them; a run is in one alone.
    best.find((one) => one !== null)?.run.id,
  ]);
}
