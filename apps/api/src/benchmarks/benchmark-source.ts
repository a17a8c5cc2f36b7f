import { Prisma } from '@espalier/store';
import { type Reach, reachedBenchmark } from '../access/reach.ts';
import { filtered } from '../query/conditions.ts';
import type { Source } from '../query/keyset.ts';
import { columnsOf, every } from '../query/sql.ts';
import { BENCHMARK_CONDITIONS, type BenchmarkFilter } from './benchmark-filter.ts';

/** The benchmarks within reach that match. */
export function benchmarkSource(reach: Reach, filter: BenchmarkFilter): Source {
  return {
    select: columnsOf('b', Object.keys(Prisma.BenchmarkScalarFieldEnum)),
    from: Prisma.sql`"Benchmark" b`,
    where: every(
      reachedBenchmark(reach),
      Prisma.sql`b."deletedAt" IS NULL`,
      filtered(filter, BENCHMARK_CONDITIONS),
    ),
    id: Prisma.sql`b."id"`,
  };
}
