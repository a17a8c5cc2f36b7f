import { Prisma, type PrismaClient, type PrunedResult, type RunEvent } from '@espalier/store';
import DataLoader from 'dataloader';

/** Without what is long: those columns are read where they are asked for. */
export type NarrowResult = Omit<PrunedResult, 'structure' | 'trace' | 'prunedHits' | 'hits'>;

interface EventsKey {
  readonly runId: string;
  readonly afterSeq: number;
}

/** By the id of the run. */
export interface RunLoaders {
  readonly result: DataLoader<string, NarrowResult | null>;
  readonly structure: DataLoader<string, unknown>;
  readonly trace: DataLoader<string, unknown>;
  readonly events: DataLoader<EventsKey, RunEvent[], string>;
}

/** Events that one request gets, of all of its runs together. */
const MOST_EVENTS = 1000;
/** However many runs there are, each gets some. */
const LEAST_EVENTS = 10;

export function createRunLoaders(prisma: PrismaClient): RunLoaders {
  return {
    result: new DataLoader(async (ids) => {
      const found = await prisma.prunedResult.findMany({
        where: { runId: { in: [...ids] } },
        omit: { structure: true, trace: true, prunedHits: true, hits: true },
      });
      const rows = new Map(found.map((row) => [row.runId, row]));
      return ids.map((id) => rows.get(id) ?? null);
    }),
    structure: new DataLoader(async (ids) => {
      const found = await prisma.prunedResult.findMany({
        where: { runId: { in: [...ids] } },
        select: { runId: true, structure: true },
      });
      const rows = new Map(found.map((row) => [row.runId, row.structure]));
      return ids.map((id) => rows.get(id) ?? null);
    }),
    trace: new DataLoader(async (ids) => {
      const found = await prisma.prunedResult.findMany({
        where: { runId: { in: [...ids] } },
        select: { runId: true, trace: true },
      });
      const rows = new Map(found.map((row) => [row.runId, row.trace]));
      return ids.map((id) => rows.get(id) ?? null);
    }),
    events: new DataLoader((keys) => eventsOf(prisma, keys), {
      cacheKeyFn: ({ runId, afterSeq }) => `${runId}/${afterSeq}`,
    }),
  };
}

async function eventsOf(prisma: PrismaClient, keys: readonly EventsKey[]): Promise<RunEvent[][]> {
  const most = Math.max(LEAST_EVENTS, Math.floor(MOST_EVENTS / keys.length));
  const [ids, seqs] = [keys.map(({ runId }) => runId), keys.map(({ afterSeq }) => afterSeq)];
  const found = await prisma.$queryRaw<(RunEvent & { readonly key: number })[]>(Prisma.sql`
    SELECT (k."key" - 1)::int AS "key", v.*
    FROM unnest(${ids}::text[], ${seqs}::int[]) WITH ORDINALITY AS k("runId", "afterSeq", "key")
    CROSS JOIN LATERAL (
      SELECT * FROM "RunEvent" WHERE "runId" = k."runId" AND "seq" > k."afterSeq" ORDER BY "seq" LIMIT ${most}
    ) v
    ORDER BY k."key", v."seq"`);
  const events = keys.map((): RunEvent[] => []);
  for (const { key, ...event } of found) events[key]?.push(event);
  return events;
}
