import type { CompressionMetric } from '@espalier/comparison';
import { type Database, Prisma } from '@espalier/store';
import type { BaseNetworkType } from './ratio-types.ts';
import { FOUND_RUN_TABLES, RATIO, RUN } from './run-tables.ts';

/** A result beside the network that it was made of. */
export interface Worth {
  readonly runId: string;
  readonly base: BaseNetworkType;
  /** Of its own file. */
  readonly bytes: number;
  /** Of top-1; null where one of the two is not known. */
  readonly drop: number | null;
  readonly ratio: Readonly<Record<CompressionMetric, number | null>>;
}

/** Of runs that were found as the asker's own; those without a result are left out. */
export function worthOf(prisma: Database['prisma'], ids: readonly string[]): Promise<Worth[]> {
  return prisma.$queryRaw<Worth[]>`
    SELECT ${RUN.id} AS "runId", (${RUN.bytes})::float8 AS "bytes", ${RUN.drop} AS "drop",
      ${object({
        ...{ params: RUN.baseParams, macs: RUN.baseMacs, bytes: RUN.baseBytes, top1: RUN.baseTop1 },
        ...{ top5: RUN.baseTop5, loss: RUN.baseLoss },
        ...{ latencyMs: RUN.baseLatencyMs, throughput: RUN.baseThroughput },
      })} AS "base",
      ${object(RATIO)} AS "ratio"
    FROM ${FOUND_RUN_TABLES} WHERE ${RUN.id} = ANY(${[...ids]}) AND p."runId" IS NOT NULL`;
}

function object(fields: Readonly<Record<string, Prisma.Sql>>): Prisma.Sql {
  const each = Object.entries(fields).map(([name, value]) => Prisma.sql`${name}::text, ${value}`);
  return Prisma.sql`json_build_object(${Prisma.join(each)})`;
}
