import type { PrismaClient } from '@espalier/store';
import { requireRole, type Viewer } from '../access/viewer.ts';
import { graphQLError } from '../errors.ts';
import type { Context } from '../graphql/context.ts';
import { findPublished } from '../published/published-tables.ts';
import { byKind, type KindPrefix } from './kinds.ts';

const MOST = 100;

interface Row {
  readonly id: string;
}

type Find = (prisma: PrismaClient, ids: string[], viewer: Viewer) => Promise<Row[]>;

const living = { deletedAt: null, project: { deletedAt: null } } as const;

/** One statement for all ids of a kind. What is in the trash, or another team's, is not there. */
const FIND: Readonly<Record<KindPrefix, Find>> = {
  proj: ({ project }, ids, { teamId }) =>
    project.findMany({ where: { id: { in: ids }, teamId, deletedAt: null } }),
  model: ({ model }, ids, { teamId }) =>
    model.findMany({ where: { id: { in: ids }, teamId, ...living }, omit: { summary: true } }),
  data: ({ dataset }, ids, { teamId }) =>
    dataset.findMany({ where: { id: { in: ids }, teamId, deletedAt: null } }),
  exp: ({ experiment }, ids, { teamId }) =>
    experiment.findMany({ where: { id: { in: ids }, teamId, ...living } }),
  run: ({ run }, ids, { teamId }) =>
    run.findMany({ where: { id: { in: ids }, teamId, deletedAt: null, experiment: living } }),
  sample: ({ samplingRun }, ids, { teamId }) =>
    samplingRun.findMany({ where: { id: { in: ids }, runs: { some: { teamId } } } }),
  view: ({ savedView }, ids, { teamId, userId }) =>
    savedView.findMany({ where: { id: { in: ids }, teamId, OR: [{ shared: true }, { userId }] } }),
  bench: ({ benchmark }, ids, { teamId }) =>
    benchmark.findMany({ where: { id: { in: ids }, teamId, deletedAt: null } }),
  pub: (prisma, ids, { teamId }) => findPublished(prisma, teamId, ids),
  worker: ({ worker }, ids) => worker.findMany({ where: { id: { in: ids } } }),
};

/** In the order of the ids; null for one that there is not. */
export async function findNodes(
  { viewer, database }: Context,
  ids: readonly string[],
): Promise<(Row | null)[]> {
  const self = requireRole(viewer, 'viewer');
  if (ids.length > MOST) {
    throw graphQLError('BAD_USER_INPUT', `at most ${MOST} ids at once, these are ${ids.length}`);
  }
  const kinds = [...byKind(ids)];
  const found = await Promise.all(kinds.map(([prefix, some]) => FIND[prefix](database.prisma, some, self)));
  const rows = new Map(found.flat().map((row) => [row.id, row]));
  return ids.map((id) => rows.get(id) ?? null);
}
