export type { CompileOptions, Engine, EngineName, EngineOptions, Executable } from './engine.ts';
export { type LabelMapping, labelMapping } from './evaluation/class-names.ts';
export { type EvaluateOptions, type Evaluation, evaluate } from './evaluation/evaluate.ts';
export { checkFits } from './evaluation/fits.ts';
export { type ImageReader, imageReader, type LabelledImages } from './evaluation/image-reader.ts';
export { type OutputKind, type Scores, score } from './evaluation/score.ts';
export { type Measurement, type MeasureOptions, measure } from './measure.ts';
export { ENGINE_CHOICES, openEngine } from './open-engine.ts';
