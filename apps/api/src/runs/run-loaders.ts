import { Prisma, type PrismaClient, type PrunedResult, type RunEvent } from '@espalier/store';
import DataLoader from 'dataloader';
import { oneEach } from '../graphql/row-loaders.ts';
import { aboutRuns } from './about.ts';
import { longColumns } from './long-columns.ts';

/** Columns that are read where they are asked for. */
const LONG = {
  ...{ structure: true, trace: true, rounds: true, recovery: true, repair: true, latency: true },
  ...{ prunedHits: true, repairedHits: true, hits: true },
} as const;
export type NarrowResult = Omit<PrunedResult, keyof typeof LONG>;

interface EventsKey {
  readonly runId: string;
  readonly afterSeq: number;
}

/** Events that one request gets, of all of its runs together. */
const MOST_EVENTS = 1000;
/** However many runs there are, each gets some. */
const LEAST_EVENTS = 10;

/** By the id of the run. */
export function createRunLoaders(prisma: PrismaClient) {
  const { prunedResult: result } = prisma;
  return {
    result: oneEach(
      (ids) => result.findMany({ where: { runId: { in: ids } }, omit: LONG }),
      (row) => [row.runId, row],
    ),
    /** The network behind the last repair, of a run that went on from it. */
    repaired: oneEach(
      (ids) =>
        prisma.runRepair.findMany({
          where: { runId: { in: ids } },
          orderBy: [{ createdAt: 'asc' }, { key: 'desc' }],
          select: { runId: true, sha256: true },
        }),
      (row) => [row.runId, row],
    ),
    shipped: oneEach(
      (ids) => prisma.shippedRun.findMany({ where: { runId: { in: ids } } }),
      (row) => [row.runId, row],
    ),
    /** The last one of a run that was asked for. */
    recomputation: oneEach(
      (ids) =>
        prisma.recomputation.findMany({
          where: { runId: { in: ids } },
          orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
          distinct: ['runId'],
        }),
      (row) => [row.runId, row],
    ),
    /** By its own id. */
    recomputed: oneEach(
      (ids) => prisma.recomputation.findMany({ where: { id: { in: ids } } }),
      (row) => [row.id, row],
    ),
    about: oneEach(
      (ids) => aboutRuns(prisma, ids),
      (row) => [row.id, row],
    ),
    long: longColumns(prisma),
    events: new DataLoader<EventsKey, RunEvent[], string>((keys) => eventsOf(prisma, keys), {
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
