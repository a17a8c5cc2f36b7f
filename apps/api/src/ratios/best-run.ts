import { type CompressionMetric, groupedBy } from '@espalier/comparison';
import { Prisma, type PrismaClient, type Run } from '@espalier/store';
import DataLoader from 'dataloader';
import type { Reach } from '../access/reach.ts';
import { graphQLError } from '../errors.ts';
import { columnsOf } from '../query/sql.ts';
import type { RunFilter } from '../runs/run-filter.ts';
import { RATIO, RUN } from '../runs/run-tables.ts';
import { differentRuns, ROUNDING } from './different.ts';

interface BestRunQuery {
  readonly reach: Reach;
  readonly filter: RunFilter;
  /** Largest allowed drop by the quality metric of each run, in its unit; null for any, also one that is not known. */
  readonly maxDrop: number | null;
  readonly by: CompressionMetric;
}

type Key = BestRunQuery & { readonly modelId: string };

/** One statement for all models that are asked the same. */
export function bestRunLoader(prisma: PrismaClient) {
  return new DataLoader<Key, Run | null, string>(
    async (keys) => {
      const asked = [...groupedBy(keys, textOf).values()];
      const found = await Promise.all(
        asked.map(async (some) => {
          const [first] = some;
          if (!first) return [];
          const models = some.map(({ modelId }) => modelId);
          const runs = await bestRuns(prisma, first, models);
          return runs.map(({ modelId, ...run }) => [`${modelId} ${textOf(first)}`, run] as const);
        }),
      );
      const best = new Map<string, Run>(found.flat());
      return keys.map((key) => best.get(`${key.modelId} ${textOf(key)}`) ?? null);
    },
    { cacheKeyFn: (key) => `${key.modelId} ${textOf(key)}` },
  );
}

function textOf({ reach, filter, maxDrop, by }: BestRunQuery): string {
  return JSON.stringify([reach, filter, maxDrop, by]);
}

/** Of equal ratios the one that lost less, then the earlier. */
function bestRuns(
  prisma: PrismaClient,
  { reach, filter, maxDrop, by }: BestRunQuery,
  modelIds: readonly string[],
): Promise<(Run & { readonly modelId: string })[]> {
  const columns = Prisma.sql`
    ${RUN.modelId} AS "modelId", ${RUN.valueDrop} AS "drop", ${RATIO[by]} AS "ratio"`;
  const within = maxDrop === null ? Prisma.empty : Prisma.sql`AND x."drop" <= ${maxDrop + ROUNDING}::float8`;
  const ofModels = Prisma.sql`${RUN.modelId} = ANY(${[...modelIds]})`;
  return prisma.$queryRaw(Prisma.sql`
    SELECT best."modelId", ${columnsOf('r', Object.keys(Prisma.RunScalarFieldEnum))}
    FROM (
      SELECT DISTINCT ON (x."modelId") x."modelId", x."id"
      FROM (${differentRuns([by], { reach, filter, columns, condition: ofModels })}) x
      WHERE x."ratio" IS NOT NULL ${within}
      ORDER BY x."modelId", x."ratio" DESC, x."drop" NULLS LAST, x."id"
    ) best JOIN "Run" r ON r."id" = best."id"`);
}

/** @throws {GraphQLError} BAD_USER_INPUT for what is no fraction */
export function checkedDrop(maxDrop: number | null | undefined): number | null {
  if (maxDrop === null || maxDrop === undefined) return null;
  if (maxDrop >= -1 && maxDrop <= 1) return maxDrop;
  throw graphQLError('BAD_USER_INPUT', `maxDrop is a fraction up to 1, not ${maxDrop}: 0.01 is one point`, [
    'maxDrop',
  ]);
}
