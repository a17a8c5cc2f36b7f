import { OVER } from '@espalier/runs';
import type { PrismaClient, Run, SamplingRun } from '@espalier/store';

/** What a worker is at, and the teams that may know. */
export interface CurrentWork {
  readonly run: Run | null;
  readonly sampling: SamplingRun | null;
  readonly teamIds: readonly string[];
}

/** By the workers' ids, in two statements. A worker that is at nothing is left out. */
export async function currentWork(
  prisma: PrismaClient,
  workerIds: readonly string[],
): Promise<ReadonlyMap<string, CurrentWork>> {
  const ids = [...workerIds];
  const [runs, shards] = await Promise.all([
    prisma.run.findMany({
      where: { workerId: { in: ids }, state: { notIn: [...OVER] } },
    }),
    prisma.samplingShard.findMany({
      where: { workerId: { in: ids }, state: 'running' },
      include: { samplingRun: { include: { runs: { select: { teamId: true }, distinct: ['teamId'] } } } },
    }),
  ]);
  const work = new Map<string, CurrentWork>();
  for (const { workerId, samplingRun } of shards) {
    const { runs: waiting, ...sampling } = samplingRun;
    if (workerId) work.set(workerId, { run: null, sampling, teamIds: waiting.map(({ teamId }) => teamId) });
  }
  for (const run of runs) {
    if (run.workerId) work.set(run.workerId, { run, sampling: null, teamIds: [run.teamId] });
  }
  return work;
}
