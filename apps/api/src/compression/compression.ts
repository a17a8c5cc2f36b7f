import {
  type CompressedRun,
  type CompressionMetric,
  type CompressionRow,
  compression,
} from '@espalier/pruning';
import { Prisma } from '@espalier/store';
import { graphQLError } from '../errors.ts';
import type { Context } from '../graphql/context.ts';
import { requireRole } from '../people/viewer.ts';
import { every, rowsOf } from '../query/sql.ts';
import { type RunFilter, runCondition } from '../runs/run-filter.ts';
import { RUN, RUN_TABLES } from '../runs/run-tables.ts';

export const MOST_RUNS = 20_000;
const MOST_BUDGETS = 10;

/** A run with a result, and the names of what it is about. */
interface NamedRun extends CompressedRun {
  readonly experimentId: string;
  readonly modelId: string;
  readonly model: string;
  readonly datasetId: string;
  readonly datasetName: string;
  readonly allocation: string;
  readonly criterion: string;
  readonly metric: string;
  readonly share: number;
  readonly seed: number;
  /** That it was measured with. */
  readonly device: string | null;
}

/** As they come from the database. */
interface Row extends Omit<NamedRun, 'before' | 'after'> {
  readonly params: bigint;
  readonly macs: bigint;
  readonly bytes: bigint | null;
  readonly latency: number | null;
  readonly throughput: number | null;
  readonly baseParams: bigint;
  readonly baseMacs: bigint;
  readonly baseBytes: bigint | null;
  readonly baseLatency: number | null;
  readonly baseThroughput: number | null;
  /** Of all that match. */
  readonly count: number;
}

export interface CompressionQuery {
  readonly filter: RunFilter;
  /** Largest allowed drops of top-1, fractions. */
  readonly budgets: readonly number[];
  readonly metric: CompressionMetric;
}

/** Of runs that compare. */
export interface CompressionLine {
  /** Of the newest run: how all of them were made. */
  readonly experimentId: string;
  readonly modelId: string;
  readonly model: string;
  readonly datasetId: string;
  readonly dataset: string;
  readonly recalibrate: number | null;
  readonly images: number | null;
  readonly runs: number;
  readonly best: readonly (object | null)[];
}

/**
 * The best run of each network and data set at each budget, by model and data set.
 *
 * @throws {GraphQLError} BAD_USER_INPUT for a budget that is none, or too many of them
 */
export async function compressionOf(
  { viewer, database }: Context,
  { filter, budgets, metric }: CompressionQuery,
) {
  const { teamId } = requireRole(viewer, 'viewer');
  if (budgets.length < 1 || budgets.length > MOST_BUDGETS) {
    throw graphQLError('BAD_USER_INPUT', `give 1 to ${MOST_BUDGETS} budgets, not ${budgets.length}`);
  }
  const wrong = budgets.find((budget) => !(budget >= 0 && budget <= 1));
  if (wrong !== undefined) {
    throw graphQLError(
      'BAD_USER_INPUT',
      `a budget is a fraction from 0 to 1, not ${wrong}: 0.01 is one point`,
    );
  }
  const found = await rowsOf<Row>(database.pool, statement(teamId, filter));
  const rows = compression(found.map(runOf), budgets, metric).flatMap(lineOf);
  rows.sort((a, b) => a.model.localeCompare(b.model, 'en') || a.dataset.localeCompare(b.dataset, 'en'));
  return {
    ...{ budgets, metric, rows },
    runs: found.length,
    truncated: (found[0]?.count ?? 0) > found.length,
  };
}

function lineOf({ runs, best }: CompressionRow<NamedRun>): CompressionLine[] {
  const [newest] = runs;
  if (!newest) return [];
  const { experimentId, modelId, model, datasetId, datasetName: dataset, images } = newest;
  return [
    {
      ...{ experimentId, modelId, model, datasetId, dataset, images, recalibrate: newest.recalibrated },
      runs: runs.length,
      best: best.map((one) => {
        if (one === null) return null;
        const { run, factors, drop } = one;
        return { ...run, runId: run.id, factors, drop };
      }),
    },
  ];
}

/** The newest runs that have a result; its file and that of the network it began with tell their sizes. */
function statement(teamId: string, filter: RunFilter): Prisma.Sql {
  return Prisma.sql`
    SELECT ${RUN.id} AS "id", ${RUN.experimentId} AS "experimentId", ${RUN.modelId} AS "modelId",
      ${RUN.model} AS "model", ${RUN.datasetId} AS "datasetId", ${RUN.dataset} AS "datasetName",
      ${RUN.allocation} AS "allocation", ${RUN.criterion} AS "criterion", ${RUN.metric} AS "metric",
      ${RUN.share} AS "share", ${RUN.seed} AS "seed", ${RUN.baseHash} AS "base", ${RUN.datasetHash} AS "dataset",
      ${RUN.images} AS "images", ${RUN.recipeHash} AS "recipe", ${RUN.recalibrate} AS "recalibrated",
      ${RUN.engine} AS "device", ${RUN.baseTop1} AS "baseTop1", ${RUN.top1} AS "top1",
      ${RUN.params} AS "params", ${RUN.macs} AS "macs", "after"."bytes" AS "bytes",
      ${RUN.latencyMs} AS "latency", ${RUN.throughput} AS "throughput",
      ${RUN.baseParams} AS "baseParams", ${RUN.baseMacs} AS "baseMacs", "before"."bytes" AS "baseBytes",
      ${RUN.baseLatencyMs} AS "baseLatency", ${RUN.baseThroughput} AS "baseThroughput",
      count(*) OVER ()::int AS "count"
    FROM ${RUN_TABLES}
    LEFT JOIN "Artifact" "after" ON "after"."sha256" = p."sha256"
    LEFT JOIN "Artifact" "before" ON "before"."sha256" = m."sha256"
    WHERE ${every(runCondition(teamId, filter), Prisma.sql`r."state" = 'finished' AND p."runId" IS NOT NULL`)}
    ORDER BY ${RUN.id} DESC LIMIT ${MOST_RUNS}`;
}

function runOf(row: Row): NamedRun {
  const { params, macs, bytes, latency, throughput, count, ...rest } = row;
  const { baseParams, baseMacs, baseBytes, baseLatency, baseThroughput, ...run } = rest;
  const exact = (value: bigint | null) => (value === null ? null : Number(value));
  return {
    ...run,
    before: {
      ...{ params: Number(baseParams), macs: Number(baseMacs), bytes: exact(baseBytes) },
      ...{ latency: baseLatency, throughput: baseThroughput },
    },
    after: { params: Number(params), macs: Number(macs), bytes: exact(bytes), latency, throughput },
  };
}
