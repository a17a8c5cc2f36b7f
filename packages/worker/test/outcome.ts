import type { Platform } from '../../runs/test/platform.ts';

/** Every number that a run has come to, but for times and names: equal for equal runs, whatever died meanwhile. */
export async function outcome({ database: { prisma } }: Platform, runId: string) {
  const run = await prisma.run.findUniqueOrThrow({
    where: { id: runId },
    include: {
      result: true,
      epochs: { orderBy: { epoch: 'asc' } },
      samplingRun: {
        include: {
          contribution: true,
          points: { orderBy: [{ groupIndex: 'asc' }, { ratioIndex: 'asc' }] },
        },
      },
    },
  });
  const { samplingRunId: _, ...contribution } = run.samplingRun?.contribution ?? { samplingRunId: '' };
  const { networkHash, sha256, params, macs, structure, trace, top1, loss, prunedTop1, hits, prunedHits } =
    run.result ?? {};
  const { repair, repairedTop1, repairedLoss, repairedHits } = run.result ?? {};
  const bases = await prisma.baseEvaluation.findMany();
  return {
    state: run.state,
    error: run.error,
    points: run.samplingRun?.points.map(({ samplingRunId: _, ...point }) => point),
    contribution,
    epochs: run.epochs.map(({ epoch, loss, top1 }) => ({ epoch, loss, top1 })),
    result: {
      ...{ networkHash, sha256, params, macs, structure, trace, top1, loss, prunedTop1, hits, prunedHits },
      ...{ repair, repairedTop1, repairedLoss, repairedHits },
    },
    bases: bases.map(({ top1, loss, images, hits }) => ({ top1, loss, images, hits })),
  };
}

/** The states that a run goes through under its last claim. */
export async function lastStory({ database: { prisma } }: Platform, runId: string): Promise<unknown[]> {
  const events = await prisma.runEvent.findMany({ where: { runId }, orderBy: { seq: 'asc' } });
  const from = events.findLastIndex(({ kind }) => kind === 'claimed');
  const states = events.slice(from + 1).filter(({ kind }) => kind === 'state');
  return states.map(({ data }) => (data as { state?: string }).state);
}
