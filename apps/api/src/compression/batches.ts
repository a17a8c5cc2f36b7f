import type { CompressedBatch, CompressionMetric } from '@espalier/comparison';
import { metricBy } from '@espalier/engines';
import { type Database, Prisma } from '@espalier/store';
import type { Reach } from '../access/reach.ts';
import { every, rowsOf } from '../query/sql.ts';
import { type RunFilter, runCondition } from '../runs/run-filter.ts';
import { COSTS, RUN, RUN_TABLES } from '../runs/run-tables.ts';

export const MOST_RUNS = 20_000;

/** Runs of one experiment that were judged alike. */
export interface FoundBatch extends CompressedBatch {
  /** Id of its newest run. */
  readonly newest: string;
}

/** As the database answers: a list for each column, in one order. */
type Row = Omit<FoundBatch, 'better' | 'runs'> & {
  readonly ids: readonly string[];
  readonly networks: readonly (string | null)[];
  readonly values: readonly (number | null)[];
  readonly befores: readonly (number | null)[];
  readonly afters: readonly (number | null)[];
  /** Null where no worker evaluated one of them again. */
  readonly differences: readonly (number | null)[] | null;
  readonly errors: readonly (number | null)[] | null;
  readonly truncated: boolean;
};

/**
 * What the choice of the best runs uses, of the newest {@link MOST_RUNS} that have a result; the batch with the newest
 * run first. What runs have in common comes once for all of them, and numbers as lists: ten thousand rows of twenty
 * columns take longer to be sent and read than to be found.
 */
export async function batchesOf(
  { pool }: Pick<Database, 'pool'>,
  reach: Reach,
  filter: RunFilter,
  metric: CompressionMetric,
): Promise<{ readonly batches: FoundBatch[]; readonly truncated: boolean }> {
  const [before, after] = COSTS[metric];
  // Asked of the profiles only where rows use them.
  const profile = metric === 'predicted' ? RUN.profile : Prisma.sql`NULL`;
  const rows = await rowsOf<Row>(
    pool,
    Prisma.sql`
      WITH found AS MATERIALIZED (
        SELECT ${RUN.id} AS "id", ${RUN.experimentId} AS "experimentId", ${RUN.images} AS "images",
          ${RUN.evaluator} AS "evaluator", ${RUN.decoding} AS "decoding", (${RUN.baseValue})::float8 AS "baseValue",
          ${RUN.networkHash} AS "network", (${RUN.value})::float8 AS "value",
          (${before})::float8 AS "before", (${after})::float8 AS "after",
          ${RUN.recomputedDifference} AS "difference", ${RUN.recomputedError} AS "error"
        FROM ${RUN_TABLES}
        WHERE ${every(runCondition(reach, filter), Prisma.sql`r."state" = 'finished' AND p."runId" IS NOT NULL`)}
        ORDER BY ${RUN.id} DESC LIMIT ${MOST_RUNS + 1}
      )
      SELECT ${RUN.baseHash} AS "base", ${RUN.preprocessing} AS "preprocessing", ${RUN.datasetHash} AS "dataset",
        ${RUN.recipeHash} AS "recipe", ${RUN.recalibrate} AS "recalibrated", ${RUN.repair} AS "repaired",
        ${RUN.qualityMetric} AS "qualityMetric", ${RUN.outputWeights} AS "outputWeights", ${profile} AS "profile",
        batch.*, (SELECT count(*) FROM found) > ${MOST_RUNS} AS "truncated"
      FROM (
        SELECT "experimentId", "images", "evaluator", "decoding", "baseValue", max("id") AS "newest",
          json_agg("id") AS "ids", json_agg("network") AS "networks", json_agg("value") AS "values",
          json_agg("before") AS "befores", json_agg("after") AS "afters",
          CASE WHEN count("difference") > 0 THEN json_agg("difference") END AS "differences",
          CASE WHEN count("error") > 0 THEN json_agg("error") END AS "errors"
        FROM (SELECT * FROM found LIMIT ${MOST_RUNS}) newest
        GROUP BY "experimentId", "images", "evaluator", "decoding", "baseValue"
      ) batch
      JOIN "Experiment" e ON e."id" = batch."experimentId"
      JOIN "Model" m ON m."id" = e."modelId"
      JOIN "Dataset" d ON d."id" = e."datasetId"
      ORDER BY batch."newest" DESC`,
  );
  return { batches: rows.map(batchOf), truncated: rows[0]?.truncated ?? false };
}

function batchOf({ ids, networks, values, befores, afters, differences, errors, ...conditions }: Row) {
  return {
    ...conditions,
    better: metricBy(conditions.qualityMetric).direction,
    runs: ids.map((id, i) => ({
      id,
      network: networks[i] ?? null,
      value: values[i] ?? null,
      before: befores[i] ?? null,
      after: afters[i] ?? null,
      recomputedDifference: differences?.[i] ?? null,
      recomputedError: errors?.[i] ?? null,
    })),
  };
}
