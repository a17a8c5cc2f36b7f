import type { PrismaClient } from '@espalier/store';
import DataLoader from 'dataloader';
import { ownBenchmarks, ownItems, ownProjects, ownRuns, ownWhole } from '../access/reach.ts';
import type { Asker, Viewer } from '../access/viewer.ts';
import { findPublished } from '../published/published-tables.ts';
import { byKind, type KindPrefix } from './kinds.ts';

export interface Row {
  readonly id: string;
}

interface Ids {
  readonly in: string[];
}

type Find = (prisma: PrismaClient, id: Ids, viewer: Viewer) => Promise<Row[]>;

const living = { deletedAt: null, project: { deletedAt: null } } as const;

/** One statement for all ids of a kind. What is in the trash, or out of reach, is not there. */
export const FIND = {
  proj: ({ project }, id, viewer) =>
    project.findMany({ where: { id, ...ownProjects(viewer), deletedAt: null } }),
  model: ({ model }, id, viewer) =>
    model.findMany({ where: { id, ...ownItems(viewer), ...living }, omit: { summary: true } }),
  data: ({ dataset }, id, { teamId }) => dataset.findMany({ where: { id, teamId, deletedAt: null } }),
  exp: ({ experiment }, id, viewer) => experiment.findMany({ where: { id, ...ownItems(viewer), ...living } }),
  run: ({ run }, id, viewer) =>
    run.findMany({ where: { id, ...ownRuns(viewer), deletedAt: null, experiment: living } }),
  /** One that a run of the team goes by. */
  sample: ({ samplingRun }, id, viewer) =>
    samplingRun.findMany({
      where: { id, runs: { some: { ...ownRuns(viewer), deletedAt: null, experiment: living } } },
    }),
  view: ({ savedView }, id, viewer) =>
    savedView.findMany({
      where: { id, AND: ownWhole(viewer), OR: [{ shared: true }, { userId: viewer.userId }] },
    }),
  bench: ({ benchmark }, id, viewer) =>
    benchmark.findMany({ where: { id, ...ownBenchmarks(viewer), deletedAt: null } }),
  pub: (prisma, id, { teamId }) => findPublished(prisma, teamId, id.in),
  worker: async ({ worker }, id, { operator }) => (operator ? worker.findMany({ where: { id } }) : []),
} satisfies Readonly<Record<KindPrefix, Find>>;

export type RowOf<Prefix extends KindPrefix> = Awaited<ReturnType<(typeof FIND)[Prefix]>>[number];

/** In the order of the ids, a statement for each kind; null for one that is missing, in the trash, or out of reach. */
export async function findRows(
  prisma: PrismaClient,
  viewer: Viewer,
  ids: readonly string[],
): Promise<(Row | null)[]> {
  const found = await Promise.all(
    [...byKind(ids)].map(([prefix, some]) => FIND[prefix](prisma, { in: some }, viewer)),
  );
  const rows = new Map(found.flat().map((row) => [row.id, row]));
  return ids.map((id) => rows.get(id) ?? null);
}

/** {@link findRows} of all ids that are asked for at once. An edge between objects leads through it. */
export function nodeLoader(prisma: PrismaClient, viewer: Asker | null) {
  return new DataLoader<string, Row | null>(
    async (ids) =>
      viewer === null || viewer.teamId === null ? ids.map(() => null) : findRows(prisma, viewer, ids),
    // Edges of several fields that are known at once are looked up together.
    { batchScheduleFn: setImmediate },
  );
}
