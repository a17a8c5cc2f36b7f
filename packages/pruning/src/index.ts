// The method, in the order in which it runs.

export { type Allocation, allocationNames, checkReachable, findAllocation } from './allocation/index.ts';
export { MANUAL_FORM, manualTarget } from './allocation/manual.ts';
export {
  type AllocationProblem,
  checkLimits,
  largestSaving,
  type Metric,
  parseTarget,
  type SearchStep,
  type Structure,
  type Target,
  type WidthLimits,
} from './allocation/problem.ts';
export { type Analysis, type AnalysisOptions, analyse } from './analysis.ts';
// 6. Compare results: which may be, and what they then say.
export { areaUnderCurve, type CurvePoint, commonSavings, type SavingRange } from './comparison/area.ts';
export { type Badge, badges } from './comparison/badges.ts';
export { type Budget, type BudgetMetric, bestUnder, type Priced } from './comparison/budget.ts';
export {
  type Comparability,
  type ComparedResult,
  comparability,
  comparableGroups,
} from './comparison/comparability.ts';
export {
  COMPRESSION_METRICS,
  type CompressedRun,
  type CompressionMetric,
  type CompressionRow,
  type Costs,
  compression,
  factorsOf,
} from './comparison/compression.ts';
export { type Hits, type PairedTest, pairedTest } from './comparison/paired-test.ts';
export { type Objective, paretoFront } from './comparison/pareto.ts';
export {
  asCompared,
  COST_UNITS,
  type CostUnit,
  type PublishedResult,
  plainName,
  publishedResultSchema,
  SHIPPED_PREFIX,
  shippedResults,
} from './comparison/published.ts';
export {
  type RankedPoint,
  type RankedSetting,
  type RankTable,
  rankTable,
  type Spread,
  spreadOf,
} from './comparison/rank-table.ts';
export { groupedBy, type SettingResult } from './comparison/setting-result.ts';
export {
  type KeptStructure,
  type StructureSimilarity,
  structureSimilarity,
} from './comparison/similarity.ts';
export { type Match, type Meeting, type TestedResult, winTieLoss } from './comparison/win-tie-loss.ts';
// 3. Contribution matrices: each group's share of the damage.
export {
  contributionMatrix,
  dropMatrix,
  importance,
  type Matrix,
  monotoneDrop,
  pairedStandardError,
} from './contribution.ts';
// 4. Search the structure that meets a target, by formula.
export { type CostModel, costModel } from './cost-model.ts';
// 1. Rank the units inside every channel group.
export type { Criterion, CriterionContext } from './criteria/criterion.ts';
export {
  criterionNames,
  findCriterion,
  keptUnits,
  type Ranking,
  rank,
} from './criteria/index.ts';
export { reductionNames } from './criteria/reduction.ts';
// What a criterion measures on images before it ranks.
export { type EvidenceSource, gatherEvidence } from './evidence/gather.ts';
// 2. Grid sampling: prune every group separately at each ratio and record the accuracy.
export { DEFAULT_GRID, parseGrid, unitsRemoved } from './grid.ts';
export { allocationProblem, type Pruned, type PruneRequest, prune } from './prune.ts';
export { type PrunedInRounds, pruneInRounds, type Round, type RoundWork } from './rounds/prune-in-rounds.ts';
export { sampleAdaptively } from './sampling/adaptive/sample-adaptively.ts';
export { planOf } from './sampling/measure.ts';
export type { PlanStep, SweepPlan, Way } from './sampling/planned/plan.ts';
export type { RankedCriterion, SamplingProgress, SweepRequest, SweepTuning } from './sampling/request.ts';
export { type SamplingRun, samplingRunSchema } from './sampling/run.ts';
export { type Sampled, type SamplingRequest, sample, sampleEach } from './sampling/sample.ts';
export { mergeShards, parseShard, type SweepShard, sampleShard, sweepShardSchema } from './sampling/shard.ts';
