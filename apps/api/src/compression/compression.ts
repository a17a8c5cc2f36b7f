import {
  type CompressionMetric,
  type CompressionRow,
  type Costs,
  compression,
  ratiosOf,
} from '@espalier/comparison';
import { metricBy } from '@espalier/engines';
import { type Database, Prisma } from '@espalier/store';
import { requireRole } from '../access/viewer.ts';
import { readSetting, runName } from '../compare/setting.ts';
import { graphQLError } from '../errors.ts';
import type { Asked } from '../graphql/context.ts';
import { rowsOf } from '../query/sql.ts';
import type { RunFilter } from '../runs/run-filter.ts';
import { COSTS, RUN, RUN_TABLES } from '../runs/run-tables.ts';
import { batchesOf, type FoundBatch } from './batches.ts';

const MOST_BUDGETS = 10;
export const DEFAULT_BUDGETS = [0.005, 0.01, 0.02, 0.05];

/** Null if it was not kept. */
interface Interval {
  readonly low: number | null;
  readonly high: number | null;
}

/** All that is told of a run which is the best one somewhere, or the newest of its row. */
interface Detail {
  readonly id: string;
  readonly experimentId: string;
  readonly modelId: string;
  readonly model: string;
  readonly datasetId: string;
  readonly dataset: string;
  readonly setting: string;
  readonly allocation: string;
  readonly criterion: string;
  readonly metric: string;
  readonly share: number;
  readonly seed: number;
  readonly origin: string;
  /** Null for the platform's own. */
  readonly evidence: string | null;
  /** That it was measured with. */
  readonly device: string | null;
  /** By whose profile its time is predicted. */
  readonly profiledDevice: string | null;
  readonly latencyInterval: Interval;
  readonly throughputInterval: Interval;
  readonly measured: Interval & { readonly ratio: number | null };
  /** By the quality metric of its row. */
  readonly baseValue: number | null;
  readonly value: number | null;
  readonly baseTop1: number | null;
  readonly top1: number | null;
  readonly before: Costs;
  readonly after: Costs;
}

export interface CompressionQuery {
  readonly filter: RunFilter;
  /** Largest allowed drops, in the unit of each row's quality metric: of top-1 fractions. */
  readonly budgets: readonly number[];
  readonly metric: CompressionMetric;
}

/** Of runs that compare. */
export type CompressionLine = ReturnType<typeof lineOf>[number];

/**
 * The best run of each network and data set at each budget, by model and data set.
 *
 * @throws {GraphQLError} BAD_USER_INPUT for a budget that is none, or too many of them
 */
export async function compressionOf(
  { viewer, database }: Asked,
  { filter, budgets, metric }: CompressionQuery,
) {
  const self = requireRole(viewer, 'viewer');
  const wrong = wrongBudgets(budgets);
  if (wrong !== null) throw graphQLError('BAD_USER_INPUT', wrong);
  const { batches, truncated } = await batchesOf(database, self, filter, metric);
  const rows = compression(batches, budgets, metric);
  const details = await detailsOf(
    database,
    rows.flatMap(({ batches, best }) => [
      batches[0]?.newest ?? '',
      ...best.flatMap((one) => one?.run.id ?? []),
    ]),
  );
  const lines = rows.flatMap((row) => lineOf(row, details, metric));
  const byName = (a: CompressionLine, b: CompressionLine, name: 'model' | 'dataset' | 'profiledDevice') =>
    (a[name] ?? '').localeCompare(b[name] ?? '', 'en');
  lines.sort((a, b) => byName(a, b, 'model') || byName(a, b, 'dataset') || byName(a, b, 'profiledDevice'));
  const runs = batches.flatMap((batch) => batch.runs);
  return {
    ...{ budgets, metric, rows: lines, runs: runs.length, truncated },
    rowCount: lines.length,
    modelCount: new Set(lines.map(({ modelId }) => modelId)).size,
    unknown: runs.filter(({ before, after }) => before === null || after === null).length,
  };
}

/** Why these are no budgets; null if they are. */
export function wrongBudgets(budgets: readonly number[]): string | null {
  if (budgets.length < 1 || budgets.length > MOST_BUDGETS) {
    return `give 1 to ${MOST_BUDGETS} budgets, not ${budgets.length}`;
  }
  const wrong = budgets.find((budget) => !(budget >= 0 && budget <= 1));
  return wrong === undefined ? null : `a budget is a fraction from 0 to 1, not ${wrong}: 0.01 is one point`;
}

function lineOf(
  { batches, networks, evaluators, reservation, best }: CompressionRow<FoundBatch>,
  details: ReadonlyMap<string, Detail>,
  metric: CompressionMetric,
) {
  const [first] = batches;
  const about = details.get(first?.newest ?? '');
  // Purged between the two statements.
  if (!first || !about) return [];
  const { experimentId, modelId, model, datasetId, dataset, profiledDevice } = about;
  return [
    {
      ...{ experimentId, modelId, model, datasetId, dataset },
      ...{
        qualityMetric: metricBy(first.qualityMetric),
        outputWeights: first.outputWeights,
        images: first.images,
        recalibrate: first.recalibrated,
        repair: first.repaired ?? 0,
        profiledDevice: metric === 'predicted' ? profiledDevice : null,
        ...{
          runs: batches.reduce((sum, { runs }) => sum + runs.length, 0),
          networks,
          evaluators,
          reservation,
        },
      },
      best: best.map((one) => {
        const detail = one && details.get(one.run.id);
        if (!detail) return null;
        const name = runName(readSetting(detail.setting), detail.seed);
        return {
          ...{ ...detail, runId: detail.id, name, ratio: ratiosOf(detail), drop: one.drop },
          latencyInterval: known(detail.latencyInterval),
          throughputInterval: known(detail.throughputInterval),
          measured: known(detail.measured),
        };
      }),
    },
  ];
}

/** An interval of which both ends were kept. */
function known<T extends Interval>(interval: T) {
  return interval.low === null || interval.high === null ? null : interval;
}

/** Of runs that were found as the team's own. */
async function detailsOf(database: Database, ids: readonly string[]): Promise<Map<string, Detail>> {
  const costs = (place: 0 | 1) =>
    Prisma.sql`jsonb_build_object(${Prisma.join(
      Object.entries(COSTS).map(([metric, of]) => Prisma.sql`${metric}::text, ${of[place]}`),
    )})`;
  const rows = await rowsOf<Detail>(
    database.pool,
    Prisma.sql`
      SELECT ${RUN.id} AS "id", ${RUN.experimentId} AS "experimentId", ${RUN.modelId} AS "modelId",
        ${RUN.model} AS "model", ${RUN.datasetId} AS "datasetId", ${RUN.dataset} AS "dataset",
        ${RUN.setting} AS "setting", ${RUN.allocation} AS "allocation", ${RUN.criterion} AS "criterion", ${RUN.metric} AS "metric",
        ${RUN.share} AS "share", ${RUN.seed} AS "seed", ${RUN.origin}::text AS "origin", ${RUN.evidence}::text AS "evidence",
        ${RUN.device} AS "device", ${RUN.baseTop1} AS "baseTop1",
        ${RUN.top1} AS "top1", (${RUN.baseValue})::float8 AS "baseValue", (${RUN.value})::float8 AS "value", ${costs(0)} AS "before", ${costs(1)} AS "after",
        ${RUN.profiledDevice} AS "profiledDevice",
        jsonb_build_object('low', ${RUN.ratioLatencyLow}, 'high', ${RUN.ratioLatencyHigh}) AS "latencyInterval",
        jsonb_build_object('low', ${RUN.ratioThroughputLow}, 'high', ${RUN.ratioThroughputHigh}) AS "throughputInterval",
        jsonb_build_object('ratio', ${RUN.ratioMeasured}, 'low', ${RUN.ratioMeasuredLow}, 'high', ${RUN.ratioMeasuredHigh}) AS "measured"
      FROM ${RUN_TABLES} WHERE ${RUN.id} = ANY(${[...new Set(ids)]})`,
  );
  return new Map(rows.map((row) => [row.id, row]));
}
