// Results side by side: which may be compared, and what they then say.

// Each block is a question; biome.json keeps their order.

// Which values are better?
export { type Better, lead } from './better.ts';

// May these results be compared at all?
export {
  apartOf,
  type ComparedResult,
  comparability,
  comparableGroups,
  RULE_NAMES,
  type RuleName,
} from './comparability.ts';

// Do programs judge alike?
export { evaluatorScales } from './evaluator.ts';

// Did a worker find what was told?
export { recomputedAgrees } from './recomputed.ts';

// What share of which cost is gone?
export { savedOf } from './savings.ts';

// Which runs are repetitions of one setting, and how do settings rank?
export {
  apartWords,
  distinctResults,
  groupedBy,
  type SettingResult,
  savingsApart,
} from './setting-result.ts';
export { type RankedPoint, type RankTable, rankTable, type Spread, spreadOf } from './rank-table.ts';
export { type Match, type TestedResult, winTieLoss } from './win-tie-loss.ts';

// Do two networks differ by more than chance, on the same images?
export { type Hits, hitsTell, type PairedTest, pairedTest } from './paired-test.ts';

// What does accuracy cost: curves over the saving, fronts, budgets.
export { areaUnderCurve, type CurvePoint, commonSavings } from './area.ts';
export { type Objective, paretoFront } from './pareto.ts';
export { BUDGET_METRICS, type Budget, type BudgetMetric, bestUnder } from './budget.ts';
export { BADGE_NAMES, type BadgeName, badges } from './badges.ts';
export {
  COMPRESSION_METRICS,
  type CompressedBatch,
  type CompressionMetric,
  type CompressionRow,
  type Costs,
  compression,
  ratiosOf,
} from './compression.ts';

// Did two strategies keep the same structure?
export { type KeptStructure, type StructureSimilarity, structureSimilarity } from './similarity.ts';

// What have others published?
export {
  asCompared,
  COST_UNITS,
  type CostUnit,
  type PublishedResult,
  plainName,
  publishedResultSchema,
  SHIPPED_PREFIX,
  shippedResults,
} from './published.ts';
