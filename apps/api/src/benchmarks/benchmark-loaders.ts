import type { PrismaClient } from '@espalier/store';
import { oneEach } from '../graphql/row-loaders.ts';

/** How many runs of a benchmark are where. */
interface RunCounts {
  readonly id: string;
  readonly total: number;
  readonly finished: number;
  readonly failed: number;
}

/** By the id of the benchmark; null if it has no runs. */
export function createBenchmarkLoaders(prisma: PrismaClient) {
  return {
    benchmarkRuns: oneEach(
      (ids) => prisma.$queryRaw<RunCounts[]>`
        SELECT e."benchmarkId" AS "id", count(*)::int AS "total",
          (count(*) FILTER (WHERE r."state" = 'finished'))::int AS "finished",
          (count(*) FILTER (WHERE r."state" IN ('failed', 'cancelled')))::int AS "failed"
        FROM "Experiment" e JOIN "Run" r ON r."experimentId" = e."id"
        WHERE e."benchmarkId" = ANY(${ids}) AND e."deletedAt" IS NULL AND r."deletedAt" IS NULL
        GROUP BY 1`,
      (row) => [row.id, row],
    ),
  };
}
