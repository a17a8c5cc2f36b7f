// From a benchmark's file to what is to be computed, and from what was computed to tables and curves.

export { curvesSvg } from './curves.ts';
export { itemName, itemsOf, type RunItem, type SamplingItem } from './items.ts';
export { conditions, markdown } from './markdown.ts';
export {
  type BaseResult,
  baseResultSchema,
  type ItemResult,
  itemResultSchema,
  type TestedQuality,
} from './result.ts';
export { type Benchmark, type BenchmarkModel, parseBenchmark, type SplitImages } from './spec.ts';
export { type Results, type SectionSummary, summarise } from './summary.ts';
export { tablesOf } from './tables.ts';
export { targetWords } from './words.ts';
