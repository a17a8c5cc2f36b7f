import type { Use } from '@espalier/latency';
import { jobsAhead, placesAtWork, STAGE_EVENTS, takersByEngine } from '@espalier/runs';
import type { PrismaClient } from '@espalier/store';
import DataLoader from 'dataloader';
import { someEach } from '../graphql/row-loaders.ts';
import { type CurrentWork, currentWork } from './current-work.ts';

/** How far runs are, what waits, and who is at what. */
export function createQueueLoaders(prisma: PrismaClient) {
  return {
    /** By the id of the sampling run. */
    shards: someEach(
      (ids) => prisma.samplingShard.findMany({ where: { samplingRunId: { in: ids } } }),
      ({ samplingRunId }) => samplingRunId,
    ),
    /** Those that a run's stages are told by, in order, by the id of the run. */
    stageEvents: someEach(
      (ids) =>
        prisma.runEvent.findMany({
          where: { runId: { in: ids }, kind: { in: STAGE_EVENTS } },
          orderBy: [{ runId: 'asc' }, { seq: 'asc' }],
        }),
      ({ runId }) => runId,
    ),
    /** By the id of the run, in order. */
    epochs: someEach(
      (ids) =>
        prisma.epochMetric.findMany({
          where: { runId: { in: ids } },
          orderBy: [{ runId: 'asc' }, { epoch: 'asc' }],
        }),
      ({ runId }) => runId,
    ),
    /** How many jobs of its team are taken before the run's, by its id; null if it has none that waits. */
    ahead: new DataLoader<string, number | null>(async (ids) => {
      const ahead = await jobsAhead(prisma, ids);
      return ids.map((id) => ahead.get(id) ?? null);
    }),
    /** How many workers take jobs, by the name of their engine. */
    takers: new DataLoader<string, number>(async (engines) => {
      const takers = await takersByEngine(prisma);
      return engines.map((engine) => takers.get(engine) ?? 0);
    }),
    /** On which machines and engines runs are computed now; the same for every key. */
    places: new DataLoader<string, Use[]>(async (keys) => {
      const places = await placesAtWork(prisma);
      return keys.map(() => places);
    }),
    /** By the id of the worker; null if it is at nothing. */
    work: new DataLoader<string, CurrentWork | null>(async (ids) => {
      const work = await currentWork(prisma, ids);
      return ids.map((id) => work.get(id) ?? null);
    }),
  };
}
