import type { Database } from '@espalier/store';

/** What the guide's queries ask about, of team `team_0`: by the names of their variables. */
export async function valuesOf({ prisma }: Database): Promise<Readonly<Record<string, unknown>>> {
  const teamId = 'team_0';
  const [project, model, dataset, runs] = await Promise.all([
    prisma.project.findFirstOrThrow({ where: { teamId } }),
    prisma.model.findFirstOrThrow({ where: { teamId } }),
    prisma.dataset.findFirstOrThrow({ where: { teamId } }),
    prisma.run.findMany({
      where: { teamId, state: 'finished', samplingRunId: { not: null } },
      orderBy: { id: 'asc' },
      take: 2,
    }),
  ]);
  const [run] = runs;
  return {
    ...{ project: project.id, model: model.id, dataset: dataset.id, since: '2026-01-01T00:00:00Z' },
    ...{ run: run?.id, runs: runs.map(({ id }) => id), sampling: run?.samplingRunId },
  };
}
