// From a plan to a pruned network, in the order in which it goes.

// 4. Its parts, for whoever does one of them alone.
export {
  analyseOn,
  type Bench,
  fitTeacher,
  fitToData,
  onBench,
  openData,
  qualityOf,
  type Standing,
  standing,
} from './bench.ts';
export { checkImages, checkPlan, LEAST, type PlanData, type PlanSubject, unrankedAnalysis } from './check.ts';
export { type Conversion, convertModel } from './convert.ts';
// 5. What things are known by.
export {
  baseKey,
  type Identity,
  resultKey,
  type Setting,
  type SharedSampling,
  samplingKey,
  settingKey,
} from './keys.ts';
export { type LatencyReport, type MeasuredLatency, openProfile } from './latency.ts';
export { counting, type Observer, type Progress, type TrainingPhase } from './observer.ts';
// 1. What is to be done: plain data, checked before anything is computed.
export {
  atField,
  drawsBySeed,
  limitsSchema,
  type PlanInput,
  type PrunePlan,
  parsePlan,
  readAsSchema,
  samplesOf,
  samplingOf,
  samplingSchema,
  targetSchema,
  USUAL_LIMITS,
  usualRepairImages,
} from './plan.ts';
// 3. The whole of it.
export { analyseWeights, type Given, type Outcome, pruneOn, prunePlan } from './prune-plan.ts';
export { type Quality, valueBy } from './quality.ts';
export { readModel } from './read-model.ts';
export { type Repair, type RepairStore, type RepairSummary, repairOn } from './repair.ts';
export type { PruneResult, RecoverySummary, Timing, TrainingSummary } from './result.ts';
export { sampleOn, sampleOne, sampleShardOn, sayFewer, sweepRequest } from './sampling.ts';
export { conditionWords, strategyWords } from './setting-words.ts';
export { STAGES, type Stage, type StageSeconds } from './stages.ts';
export { recalibrateOn, trainOn } from './training.ts';
export { withWidths } from './widths.ts';
// 2. Where it is done, and who hears of it.
export { openEngineOf, type Provenance, provenance, VERSION, type Workplace } from './workplace.ts';
export { notWorth } from './worth.ts';
export { provenanceInFile, writeLike } from './write.ts';
