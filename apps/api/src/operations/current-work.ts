import { OVER, PROFILING_LEASE } from '@espalier/runs';
import type { PrismaClient, Profiling, Run, SamplingRun } from '@espalier/store';

/** What a worker is at, a run also where it evaluates its network again, and the teams that may know. */
export interface CurrentWork {
  readonly run: Run | null;
  readonly sampling: SamplingRun | null;
  readonly profiling: Profiling | null;
  readonly teamIds: readonly string[];
}

/** By the workers' ids, in three statements. A worker that is at nothing is left out. */
export async function currentWork(
  prisma: PrismaClient,
  workerIds: readonly string[],
): Promise<ReadonlyMap<string, CurrentWork>> {
  const ids = [...workerIds];
  const [runs, shards, recomputations, profilings] = await Promise.all([
    prisma.run.findMany({
      where: { workerId: { in: ids }, state: { notIn: [...OVER] } },
    }),
    prisma.samplingShard.findMany({
      where: { workerId: { in: ids }, state: 'running' },
      include: { samplingRun: { include: { runs: { select: { teamId: true }, distinct: ['teamId'] } } } },
    }),
    prisma.recomputation.findMany({
      where: { workerId: { in: ids }, state: 'running' },
      include: { run: true },
    }),
    prisma.profiling.findMany({ where: { workerId: { in: ids }, state: { in: PROFILING_LEASE } } }),
  ]);
  const work = new Map<string, CurrentWork>();
  const nothing = { run: null, sampling: null, profiling: null };
  for (const profiling of profilings) {
    const { workerId, teamId } = profiling;
    if (workerId) work.set(workerId, { ...nothing, profiling, teamIds: [teamId] });
  }
  for (const { workerId, samplingRun } of shards) {
    const { runs: waiting, ...sampling } = samplingRun;
    if (workerId) {
      work.set(workerId, { ...nothing, sampling, teamIds: waiting.map(({ teamId }) => teamId) });
    }
  }
  const atRun = recomputations.map(({ workerId, run }) => ({ ...run, workerId }));
  for (const run of [...runs, ...atRun]) {
    if (run.workerId) work.set(run.workerId, { ...nothing, run, teamIds: [run.teamId] });
  }
  return work;
}
