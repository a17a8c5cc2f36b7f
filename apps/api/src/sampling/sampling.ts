import type { SamplingRun } from '@espalier/store';
import type { Context } from '../graphql/context.ts';
import { requireRole } from '../people/viewer.ts';

/** A sampling run that one of the team's runs goes by. */
export async function findSamplingRun(
  { viewer, database }: Context,
  id: string,
): Promise<SamplingRun | null> {
  const { teamId } = requireRole(viewer, 'viewer');
  return database.prisma.samplingRun.findFirst({ where: { id, runs: { some: { teamId } } } });
}

/** The matrices of a sampling run that is done; null before. */
export async function contributionMatrix({ database }: Context, run: SamplingRun) {
  if (run.state !== 'done') return null;
  const [matrix, points] = await Promise.all([
    database.prisma.contributionMatrix.findUniqueOrThrow({ where: { samplingRunId: run.id } }),
    database.prisma.samplePoint.findMany({
      where: { samplingRunId: run.id },
      orderBy: [{ groupIndex: 'asc' }, { ratioIndex: 'asc' }],
      select: { top1: true, standardError: true },
    }),
  ]);
  const columns = run.grid.length;
  const rows = (flat: readonly number[]) =>
    Array.from({ length: flat.length / columns }, (_, g) => flat.slice(g * columns, (g + 1) * columns));
  return {
    groups: (run.groups as { id: string }[]).map(({ id }) => id),
    grid: run.grid,
    accuracy: rows(points.map(({ top1 }) => top1)),
    standardError: rows(points.map(({ standardError }) => standardError)),
    drop: rows(matrix.drop),
    monotoneDrop: rows(matrix.monotoneDrop),
    contribution: rows(matrix.contribution),
    importance: matrix.importance,
  };
}
