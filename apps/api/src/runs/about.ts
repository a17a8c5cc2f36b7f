import type { CompressionMetric } from '@espalier/comparison';
import { Prisma, type PrismaClient } from '@espalier/store';
import type { BaseNetworkType } from './ratio-types.ts';
import { FOUND_RUN_TABLES, RATIO, RUN } from './run-tables.ts';

/** What a run is called by, and what its result is beside the network that it was made of. */
export interface AboutRun {
  readonly id: string;
  /** Its name. */
  readonly model: string;
  /** See `readSetting`. */
  readonly setting: string;
  readonly metric: string;
  readonly share: number;
  readonly seed: number;
  readonly base: BaseNetworkType;
  /** Whether there was one when this was read. */
  readonly hasResult: boolean;
  /** Of the file of its result; null if there is none, as all that follows. */
  readonly bytes: number | null;
  /** Of top-1. */
  readonly drop: number | null;
  /** By the metric of its experiment, as exported, as cut and as repaired, and how much worse than the base. */
  readonly value: number | null;
  readonly prunedValue: number | null;
  readonly repairedValue: number | null;
  readonly valueDrop: number | null;
  readonly ratio: Readonly<Record<CompressionMetric, number | null>>;
}

/** Of runs that were found as the asker's own: one statement for all. */
export function aboutRuns(prisma: PrismaClient, ids: readonly string[]): Promise<AboutRun[]> {
  return prisma.$queryRaw(Prisma.sql`
    SELECT ${RUN.id} AS "id", ${RUN.model} AS "model", ${RUN.setting} AS "setting", ${RUN.metric} AS "metric",
      ${RUN.share} AS "share", ${RUN.seed} AS "seed", (${RUN.bytes})::float8 AS "bytes", ${RUN.drop} AS "drop",
      ${RUN.value} AS "value", ${RUN.prunedValue} AS "prunedValue", ${RUN.repairedValue} AS "repairedValue",
      ${RUN.valueDrop} AS "valueDrop", p."runId" IS NOT NULL AS "hasResult",
      ${object({
        ...{ params: RUN.baseParams, macs: RUN.baseMacs, bytes: RUN.baseBytes, top1: RUN.baseTop1 },
        ...{ top5: RUN.baseTop5, loss: RUN.baseLoss, value: RUN.baseValue },
        ...{ latencyMs: RUN.baseLatencyMs, throughput: RUN.baseThroughput },
      })} AS "base",
      ${object(RATIO)} AS "ratio"
    FROM ${FOUND_RUN_TABLES} WHERE ${RUN.id} = ANY(${[...ids]})`);
}

function object(fields: Readonly<Record<string, Prisma.Sql>>): Prisma.Sql {
  const each = Object.entries(fields).map(([name, value]) => Prisma.sql`${name}::text, ${value}`);
  return Prisma.sql`json_build_object(${Prisma.join(each)})`;
}
