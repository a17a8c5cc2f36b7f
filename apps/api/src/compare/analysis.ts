import {
  type Better,
  comparableGroups,
  groupedBy,
  type Hits,
  hitsTell,
  type SettingResult,
  savedOf,
} from '@espalier/comparison';
import { DECODING_VERSION } from '@espalier/datasets';
import { metricBy } from '@espalier/engines';
import type { Target } from '@espalier/pruning';
import { Prisma } from '@espalier/store';
import DataLoader from 'dataloader';
import { graphQLError } from '../errors.ts';
import type { Asked } from '../graphql/context.ts';
import { rowsOf } from '../query/sql.ts';
import type { RunFilter } from '../runs/run-filter.ts';
import type { StrategyType } from './analysis-types.ts';
import type { ColumnName } from './columns.ts';
import { outcomesOf, type RunOutcome } from './compared-results.ts';
import { compareRuns } from './comparison.ts';

/** Runs that an analysis looks at. */
export const MOST_ANALYSED = 5000;

const MORE = {
  model: 'model',
  modelId: 'modelId',
  datasetName: 'dataset',
  datasetId: 'datasetId',
  strategy: 'strategy',
  strategyKey: 'strategyKey',
  conditions: 'conditions',
  top1: 'top1',
  baseTop1: 'baseTop1',
  baseValue: 'baseValue',
  baseMacs: 'baseMacs',
  baseParams: 'baseParams',
  loss: 'loss',
  latencyMs: 'latencyMs',
  predictedMs: 'predictedMs',
} as const satisfies Record<string, ColumnName>;

/** A finished run with all that an analysis uses. */
export type AnalysedRun = RunOutcome & {
  readonly [key in
    | 'model'
    | 'modelId'
    | 'datasetName'
    | 'datasetId'
    | 'strategy'
    | 'strategyKey'
    | 'conditions']: string;
} & {
  readonly [key in
    | 'top1'
    | 'baseTop1'
    | 'baseValue'
    | 'baseMacs'
    | 'baseParams'
    | 'loss'
    | 'latencyMs'
    | 'predictedMs']: number | null;
};

/** Runs that may be compared: all are judged by one metric. Of what must be equal the first one tells for all. */
export interface RunGroup {
  readonly first: AnalysedRun;
  readonly runs: readonly AnalysedRun[];
  /** Of whatever runs are asked for, by one statement a tick. */
  readonly hits: DataLoader<string, Hits | null>;
}

export interface Analysis {
  /** Of all that match. */
  readonly count: number;
  readonly truncated: boolean;
  /** All that have a result, the newest first. */
  readonly runs: readonly AnalysedRun[];
  /** The largest one first. */
  readonly groups: readonly RunGroup[];
  /** In no group: their results lack what a comparison needs. */
  readonly lacking: readonly AnalysedRun[];
  readonly hits: DataLoader<string, Hits | null>;
}

/** All finished runs that match, apart by what must be equal between results that are compared. */
export async function analyse(context: Asked, filter: RunFilter): Promise<Analysis> {
  const { database } = context;
  const { in: wanted, not: unwanted, null: isNull } = filter.state ?? {};
  const finished =
    (wanted?.includes('finished') ?? true) && !unwanted?.includes('finished') && isNull !== true;
  const comparison = compareRuns(
    context,
    { ...filter, state: { in: finished ? ['finished'] : [] } },
    null,
    MOST_ANALYSED,
  );
  const [count, outcomes] = await Promise.all([comparison.count(), outcomesOf(comparison, database, MORE)]);
  const runs = outcomes as AnalysedRun[];
  const hits = new DataLoader((ids: readonly string[]) => hitsOf(context, ids));
  const { groups, lacking } = comparableGroups(runs);
  return {
    count,
    truncated: count > MOST_ANALYSED,
    runs,
    groups: groups
      .flatMap((members) => (members[0] ? { first: members[0], runs: members, hits } : []))
      .sort((a, b) => b.runs.length - a.runs.length),
    lacking,
    hits,
  };
}

/** Which values of a group's metric are better. */
export function betterOf({ first }: RunGroup): Better {
  return metricBy(first.qualityMetric).direction;
}

/** What a run got right, where that tells of it by its metric. */
export async function tellingHits(
  { hits }: Pick<Analysis, 'hits'>,
  { id, qualityMetric }: AnalysedRun,
): Promise<Hits | null> {
  return hitsTell(qualityMetric) ? hits.load(id) : null;
}

/** Of runs that were found as the team's own. */
async function hitsOf({ database }: Asked, ids: readonly string[]): Promise<(Hits | null)[]> {
  const rows = await rowsOf<{ readonly runId: string; readonly hits: Buffer; readonly images: number }>(
    database.pool,
    Prisma.sql`
      SELECT "runId", "hits", "images" FROM "PrunedResult"
      WHERE "runId" = ANY(${[...ids]}) AND "hits" IS NOT NULL AND "images" IS NOT NULL`,
  );
  const found = new Map(rows.map(({ runId, hits, images }) => [runId, { bits: hits, images }]));
  return ids.map((id) => found.get(id) ?? null);
}

/** A run as the comparison of settings sees it; {@link strategiesOf} and {@link targetOf} read its keys back. */
export function settingResult(run: AnalysedRun): SettingResult {
  const { strategyKey, metric, share, seed, drawsNothing, networkHash, value } = run;
  return {
    setting: strategyKey,
    point: JSON.stringify([metric, share]),
    ...{ seed, drawsNothing },
    // Without a value it were in no group; of one group all see their images in the same way.
    value: value ?? 0,
    network: networkHash,
    saved: savedOf(run, metric),
  };
}

export function idsOf(runs: readonly AnalysedRun[]): string[] {
  return runs.map(({ id }) => id);
}

/** Of equal networks, with one strategy and target, the first. */
export function differentRuns(runs: readonly AnalysedRun[]): AnalysedRun[] {
  const equal = groupedBy(runs, ({ setting, networkHash, id }) => `${setting} ${networkHash ?? id}`);
  return [...equal.values()].flatMap(([first]) => first ?? []);
}

export function strategyOf({ strategyKey, strategy, allocation, criterion }: AnalysedRun): StrategyType {
  return { key: strategyKey, name: strategy, allocation, criterion };
}

/** By their keys. */
export function strategiesOf(runs: readonly AnalysedRun[]): (key: string) => StrategyType | undefined {
  const found = new Map(runs.map((run) => [run.strategyKey, run]));
  return (key) => {
    const run = found.get(key);
    return run && strategyOf(run);
  };
}

export function targetOf(point: string): Target {
  const [metric, share] = JSON.parse(point) as [Target['metric'], number];
  return { metric, share };
}

/** "ResNet-20 on cifar10, 10,000 test images, recipe 3f2a91c" */
export function groupName({ model, datasetName, images, decoding, recipe, conditions }: AnalysedRun): string {
  return [
    `${model} on ${datasetName}`,
    `${(images ?? 0).toLocaleString('en')} test images`,
    ...(decoding === DECODING_VERSION ? [] : ['decoded by other rules than now']),
    ...(recipe ? [] : ['not fine-tuned']),
    ...(conditions ? [conditions] : []),
  ].join(', ');
}

/** @throws {GraphQLError} BAD_USER_INPUT for a level that is no probability */
export function checkLevel(level: number): void {
  if (!(level > 0 && level < 1))
    throw graphQLError('BAD_USER_INPUT', `level must be between 0 and 1, not ${level}`);
}
