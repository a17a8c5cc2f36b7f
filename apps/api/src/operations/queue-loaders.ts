import { jobsAhead, STAGE_EVENTS, takersByEngine } from '@espalier/runs';
import type { EpochMetric, PrismaClient, RunEvent, SamplingShard } from '@espalier/store';
import DataLoader from 'dataloader';
import { someEach } from '../graphql/row-loaders.ts';
import { type CurrentWork, currentWork } from './current-work.ts';

/** How far runs are, what waits, and who is at what. */
export interface QueueLoaders {
  /** By the id of the sampling run. */
  readonly shards: DataLoader<string, SamplingShard[]>;
  /** Those that a run's stages are told by, in order, by the id of the run. */
  readonly stageEvents: DataLoader<string, RunEvent[]>;
  /** By the id of the run, in order. */
  readonly epochs: DataLoader<string, EpochMetric[]>;
  /** How many jobs are taken before the run's, by its id; null where it has none that waits. */
  readonly ahead: DataLoader<string, number | null>;
  /** How many workers take jobs, by the name of their engine. */
  readonly takers: DataLoader<string, number>;
  /** By the id of the worker; null where it is at nothing. */
  readonly work: DataLoader<string, CurrentWork | null>;
}

export function createQueueLoaders(prisma: PrismaClient): QueueLoaders {
  return {
    shards: someEach(
      (ids) => prisma.samplingShard.findMany({ where: { samplingRunId: { in: ids } } }),
      ({ samplingRunId }) => samplingRunId,
    ),
    stageEvents: someEach(
      (ids) =>
        prisma.runEvent.findMany({
          where: { runId: { in: ids }, kind: { in: STAGE_EVENTS } },
          orderBy: [{ runId: 'asc' }, { seq: 'asc' }],
        }),
      ({ runId }) => runId,
    ),
    epochs: someEach(
      (ids) =>
        prisma.epochMetric.findMany({
          where: { runId: { in: ids } },
          orderBy: [{ runId: 'asc' }, { epoch: 'asc' }],
        }),
      ({ runId }) => runId,
    ),
    ahead: new DataLoader(async (ids) => {
      const ahead = await jobsAhead(prisma, ids);
      return ids.map((id) => ahead.get(id) ?? null);
    }),
    takers: new DataLoader(async (engines) => {
      const takers = await takersByEngine(prisma);
      return engines.map((engine) => takers.get(engine) ?? 0);
    }),
    work: new DataLoader(async (ids) => {
      const work = await currentWork(prisma, ids);
      return ids.map((id) => work.get(id) ?? null);
    }),
  };
}
