// The method, in the order in which it runs; biome.json keeps the blocks in this order.

// 1. Rank the units inside every channel group, by weights or by what images show.
export type { Criterion } from './criteria/criterion.ts';
export { criterionNames, findCriterion, keptOfEach, keptUnits, rank } from './criteria/index.ts';
export { reductionNames } from './criteria/reduction.ts';
export { checkEvidence } from './evidence/gather.ts';
export { EVIDENCE_VERSION } from './evidence/store.ts';
export { type Analysis, type AnalysisOptions, analyse } from './analysis.ts';
export { type Drawing, type DrawnFrom, dependsOnSeed, samplingSeed } from './chance.ts';

// 2. Grid sampling: prune every group separately at each ratio and record the accuracy.
export { DEFAULT_GRID, parseGrid, unitsRemoved } from './grid.ts';
export { SAMPLING_BLOCK, USUAL_SAMPLES } from './sampling/block.ts';
export { SAMPLING_VERSION } from './sampling/unit-store.ts';
export type { SweepRequest, SweepTuning } from './sampling/request.ts';
export { type SamplingRun, samplingRunSchema, valuesOf } from './sampling/run.ts';
export type { CellValues } from './sampling/metric.ts';
export { type Sampled, sample, sampleEach } from './sampling/sample.ts';
export { mergeShards, parseShard, type SweepShard, sampleShard, sweepShardSchema } from './sampling/shard.ts';
export { sampleAdaptively } from './sampling/adaptive/sample-adaptively.ts';
export { planOf } from './sampling/measure.ts';
export type { SweepPlan, Way } from './sampling/planned/plan.ts';
export { type SamplingPlan, samplingPlan } from './outside/sampling-plan.ts';
export { type SentPoint, sentMatrices } from './outside/sent-points.ts';

// 3. Contribution matrices: each group's share of the total drop.
export {
  contributionMatrix,
  dropMatrix,
  importance,
  type Matrix,
  monotoneDrop,
  pairedStandardError,
} from './contribution.ts';

// 4. Allocate: search the widths that meet a target, the cost of each known by formula.
export { costModel, type DeviceTimes } from './cost-model.ts';
export {
  type GroupWidths,
  largestSaving,
  profiledWidths,
  type Structure,
  usualWidths,
  type WidthLimits,
} from './allocation/problem.ts';
export {
  type AskedTarget,
  parseTarget,
  resolveTarget,
  TARGET_FORMS,
  type Target,
  targetText,
  withoutProfile,
} from './allocation/target.ts';
export { approach, NEAR } from './allocation/approach.ts';
export { type Allocation, roundsOf } from './allocation/allocation.ts';
export { allocationNames, checkReachable, findAllocation } from './allocation/index.ts';
export { manualTarget } from './allocation/manual.ts';
export { dropSamples, type SampledDrops } from './allocation/drop-samples.ts';
export { Explorer } from './allocation/explorer.ts';

// 5. Cut the network to these widths, at once or in rounds.
export { allocationProblem, cutOut, type Pruned, prune, prunedGroups, searchStructure } from './prune.ts';
export { pruneInRounds, type Round } from './rounds/prune-in-rounds.ts';

// 6. Repair what is left: the layers after the cut, by least squares.
export { structureOf } from './repair/match.ts';
export { REPAIR_LAMBDA } from './repair/held.ts';
export {
  REPAIR_VERSION,
  type Repaired,
  type RepairRequest,
  repair,
  repairImages,
  USUAL_REPAIR_IMAGES,
} from './repair/repair.ts';
