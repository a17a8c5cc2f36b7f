import type { MetricMethod, ModelOutput } from './metrics.ts';
import type { ExperimentDraft, Recipe } from './plan.ts';

/** What the networks are judged by; weights only of outputs that count otherwise than once, where outputs count at all. */
function judgedOf(
  { outputWeights }: ExperimentDraft,
  metric: MetricMethod | undefined,
  outputs: readonly ModelOutput[] | null,
) {
  const weighed = metric?.needsLabels || (outputs?.length ?? 0) < 2 ? [] : Object.entries(outputWeights);
  const weights = weighed.flatMap(([output, weight]) => (weight === 1 ? [] : [{ output, weight }]));
  return { qualityMetric: metric?.name ?? null, outputWeights: weights.length > 0 ? weights : null };
}

/**
 * A draft as `createExperiment` takes it.
 *
 * @param recipe null for no training
 * @param metric by which the networks are judged; undefined where none fits
 * @param outputs of the model; null where they are not known
 */
export function inputOf(
  draft: ExperimentDraft,
  recipe: Recipe | null,
  metric: MetricMethod | undefined,
  outputs: readonly ModelOutput[] | null,
) {
  const { name, modelId, datasetId, grid, limits, allowInexact, sampleSeed } = draft;
  return {
    ...{ name, modelId, datasetId, grid, recipe, limits, allowInexact, seed: sampleSeed },
    ...judgedOf(draft, metric, outputs),
    ...numbersOf(draft),
    deviceProfileId: draft.deviceProfileId || null,
  };
}

/** As the API takes them: null for what 0 stands for. */
export function numbersOf({ samples, recalibrate, repair }: ExperimentDraft) {
  return {
    samples: samples > 0 ? samples : null,
    recalibrate: recalibrate > 0 ? recalibrate : null,
    repair,
  };
}
