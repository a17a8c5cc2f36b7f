import { type StoredColumns, stored } from '@espalier/runs';
import type { Prisma, PrismaClient } from '@espalier/store';
import DataLoader from 'dataloader';

/** Columns of a result that are read where they are asked for. */
type LongColumn = 'structure' | 'trace' | 'rounds' | 'recovery' | 'repair' | 'latency';

interface Key {
  readonly runId: string;
  readonly column: LongColumn;
}

/** Whichever are asked for at once, of however many runs: by one statement. */
export function longColumns({ prunedResult }: PrismaClient) {
  const loader = new DataLoader<Key, Prisma.JsonValue, string>(
    async (keys) => {
      const asked = (column: LongColumn) => keys.some((key) => key.column === column);
      const rows = await prunedResult.findMany({
        where: { runId: { in: [...new Set(keys.map(({ runId }) => runId))] } },
        select: {
          runId: true,
          ...{ structure: asked('structure'), trace: asked('trace') },
          ...{ rounds: asked('rounds'), recovery: asked('recovery'), repair: asked('repair') },
          latency: asked('latency'),
        },
      });
      const found = new Map(rows.map((row) => [row.runId, row]));
      return keys.map(({ runId, column }) => found.get(runId)?.[column] ?? null);
    },
    { cacheKeyFn: ({ runId, column }) => `${runId}/${column}` },
  );
  return {
    /** Null for a run without a result. */
    async load<Column extends LongColumn>(
      runId: string,
      column: Column,
    ): Promise<StoredColumns['PrunedResult'][Column] | null> {
      return stored('PrunedResult', column, await loader.load({ runId, column }));
    },
    clearAll: () => loader.clearAll(),
  };
}
