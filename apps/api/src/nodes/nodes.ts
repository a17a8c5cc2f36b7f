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

interface Own {
  readonly id: { readonly in: string[] };
  readonly teamId: string;
}

type Find = (prisma: PrismaClient, own: Own, viewer: Viewer) => Promise<Row[]>;

const living = { deletedAt: null, project: { deletedAt: null } } as const;

/** One statement for all ids of a kind. What is in the trash, or another team's, is not there. */
const FIND = {
  proj: ({ project }, own) => project.findMany({ where: { ...own, deletedAt: null } }),
  model: ({ model }, own) => model.findMany({ where: { ...own, ...living }, omit: { summary: true } }),
  data: ({ dataset }, own) => dataset.findMany({ where: { ...own, deletedAt: null } }),
  exp: ({ experiment }, own) => experiment.findMany({ where: { ...own, ...living } }),
  run: ({ run }, own) => run.findMany({ where: { ...own, deletedAt: null, experiment: living } }),
  /** One that a run of the team goes by. */
  sample: ({ samplingRun }, { id, teamId }) =>
    samplingRun.findMany({ where: { id, runs: { some: { teamId } } } }),
  view: ({ savedView }, own, { userId }) =>
    savedView.findMany({ where: { ...own, OR: [{ shared: true }, { userId }] } }),
  bench: ({ benchmark }, own) => benchmark.findMany({ where: { ...own, deletedAt: null } }),
  pub: (prisma, { id, teamId }) => findPublished(prisma, teamId, id.in),
  worker: ({ worker }, { id }) => worker.findMany({ where: { id } }),
} satisfies Readonly<Record<KindPrefix, Find>>;

type RowOf<Prefix extends KindPrefix> = Awaited<ReturnType<(typeof FIND)[Prefix]>>[number];

/** Null for one that is missing, in the trash, or another team's. */
export async function findNode<Prefix extends KindPrefix>(
  prefix: Prefix,
  { viewer, database }: Context,
  id: string,
): Promise<RowOf<Prefix> | null> {
  const self = requireRole(viewer, 'viewer');
  const own = { id: { in: [id] }, teamId: self.teamId };
  const [found = null] = await FIND[prefix](database.prisma, own, self);
  return found as RowOf<Prefix> | null;
}

/** In the order of the ids; null for one that there is not. */
export async function findNodes(
  { viewer, database }: Context,
  ids: readonly string[],
): Promise<(Row | null)[]> {
  const self = requireRole(viewer, 'viewer');
  if (ids.length > MOST) {
    throw graphQLError('BAD_USER_INPUT', `at most ${MOST} ids at once, these are ${ids.length}`);
  }
  const { teamId } = self;
  const kinds = [...byKind(ids)];
  const found = await Promise.all(
    kinds.map(([prefix, some]) => FIND[prefix](database.prisma, { id: { in: some }, teamId }, self)),
  );
  const rows = new Map(found.flat().map((row) => [row.id, row]));
  return ids.map((id) => rows.get(id) ?? null);
}
