import type { PrismaClient } from '@espalier/store';
import DataLoader from 'dataloader';

/** How far a benchmark is. */
interface BenchmarkRuns {
  readonly total: number;
  readonly finished: number;
  /** Or cancelled. */
  readonly failed: number;
}

const NONE: BenchmarkRuns = { total: 0, finished: 0, failed: 0 };

export interface BenchmarkLoaders {
  /** By the id of the benchmark. */
  readonly benchmarkRuns: DataLoader<string, BenchmarkRuns>;
}

export function createBenchmarkLoaders(prisma: PrismaClient): BenchmarkLoaders {
  return {
    benchmarkRuns: new DataLoader(async (ids) => {
      const found = await prisma.$queryRaw<(BenchmarkRuns & { readonly id: string })[]>`
        SELECT e."benchmarkId" AS "id", count(*)::int AS "total",
          (count(*) FILTER (WHERE r."state" = 'finished'))::int AS "finished",
          (count(*) FILTER (WHERE r."state" IN ('failed', 'cancelled')))::int AS "failed"
        FROM "Experiment" e JOIN "Run" r ON r."experimentId" = e."id"
        WHERE e."benchmarkId" = ANY(${[...ids]}) AND e."deletedAt" IS NULL AND r."deletedAt" IS NULL
        GROUP BY 1`;
      const rows = new Map(found.map(({ id, ...counts }) => [id, counts]));
      return ids.map((id) => rows.get(id) ?? NONE);
    }),
  };
}
