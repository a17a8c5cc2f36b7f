export { checkFile } from './check-file.ts';
export { checkGraph, compareGraph, misfitOf, type OutputDifference } from './check-graph.ts';
export { type DoubleProduct, openDoubleProduct } from './double-product.ts';
export type { Engine, EngineName, Executable } from './engine.ts';
export { countFlags, countPackedFlips, packFlags, unpackFlags } from './evaluation/bitmap.ts';
export { labelMapping } from './evaluation/class-names.ts';
export { compareOutputs, type OutputComparison } from './evaluation/compare-outputs.ts';
export {
  type EvaluateOptions,
  type Evaluation,
  evaluate,
  type Quality,
  scoreBatch,
} from './evaluation/evaluate.ts';
export { evaluateImages, type ImagesEvaluation } from './evaluation/evaluate-images.ts';
export {
  checkMetricOfOutputs,
  checkWeights,
  type Deviations,
  deviations,
  type FidelityValues,
  fidelityInfluence,
  fidelityValues,
  joinDeviations,
  type OutputRole,
  type OutputWeights,
  outputRoles,
} from './evaluation/fidelity.ts';
export { checkFits, checkLabels, preprocessingFor, tellsAccuracy } from './evaluation/fits.ts';
export {
  type ImageMetric,
  isImageMetric,
  keptOf,
  resultOf,
  type ShownImage,
} from './evaluation/image-metric.ts';
export {
  type ImageReader,
  imageIdentity,
  imageReader,
  type LabelledImages,
} from './evaluation/image-reader.ts';
export {
  type AnyMetric,
  directedDrop,
  type ForeignMetric,
  findMetric,
  isKnownMetric,
  isOwnMetric,
  METRIC_CHOICES,
  METRIC_NAMES,
  METRICS,
  type MetricName,
  metricBy,
  metricFor,
  metricKey,
  metricOfOutputs,
  TOP1,
} from './evaluation/metrics.ts';
export { loadMetric } from './evaluation/own-metric.ts';
export type { QualityMetric } from './evaluation/quality-metric.ts';
export { type OutputKind, type Scores, score } from './evaluation/score.ts';
export { installedVersion } from './installed-version.ts';
export {
  fittingRepeats,
  type Measurement,
  measure,
  measurementOf,
  type Subject,
  type Timed,
} from './measure/measure.ts';
export { measurePages, type PageMeasurement, type PageSubject } from './measure/measure-pages.ts';
export { PAGE_BACKENDS, type PageBackend } from './measure/page-backends.ts';
export { isQuiet, QUIET_WITHIN, type Speedup, speedup } from './measure/speedup.ts';
export { measureThroughput, THROUGHPUT_BATCH } from './measure/throughput.ts';
export { ENGINE_CHOICES, openEngine } from './open-engine.ts';
export { adoptCheckpoint, type EpochReport, removeCheckpoint } from './training/checkpoint.ts';
export { parameterLayout } from './training/parameters.ts';
export { recalibrate } from './training/recalibrate.ts';
export { canonicalHash, parseRecipe, type Recipe, recipeHash, recipeSchema } from './training/recipe.ts';
export { isRecipeName, RECIPES, type RecipeName, recipeNames } from './training/recipes.ts';
export { derivedSeed, trainingSteps } from './training/stream.ts';
export { TRAINING_VERSION, type Training, type TrainingRequest, train } from './training/train.ts';
export { checkTrainable } from './training/trainable.ts';
export type { TrainingBatch } from './training/trainer.ts';
export {
  type TrainingImagesOptions,
  type TrainingSample,
  trainingImages,
  trainingSample,
} from './training/training-images.ts';
export { restoreBatchNorm } from './training/unfold.ts';
