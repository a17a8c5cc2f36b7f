import type { PrismaClient } from '@espalier/store';
import { ownBenchmarks, ownItems, ownProjects, ownRuns, ownWhole } from '../access/reach.ts';
import { requireRole, type Viewer } from '../access/viewer.ts';
import { graphQLError } from '../errors.ts';
import type { Context } from '../graphql/context.ts';
import { findPublished } from '../published/published-tables.ts';
import { byKind, type KindPrefix } from './kinds.ts';

const MOST = 100;

interface Row {
  readonly id: string;
}

interface Ids {
  readonly in: string[];
}

type Find = (prisma: PrismaClient, id: Ids, viewer: Viewer) => Promise<Row[]>;

const living = { deletedAt: null, project: { deletedAt: null } } as const;

/** One statement for all ids of a kind. What is in the trash, or out of reach, is not there. */
const FIND = {
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
    samplingRun.findMany({ where: { id, runs: { some: ownRuns(viewer) } } }),
  view: ({ savedView }, id, viewer) =>
    savedView.findMany({
      where: { id, AND: ownWhole(viewer), OR: [{ shared: true }, { userId: viewer.userId }] },
    }),
  bench: ({ benchmark }, id, viewer) =>
    benchmark.findMany({ where: { id, ...ownBenchmarks(viewer), deletedAt: null } }),
  pub: (prisma, id, { teamId }) => findPublished(prisma, teamId, id.in),
  worker: async ({ worker }, id, { operator }) => (operator ? worker.findMany({ where: { id } }) : []),
} satisfies Readonly<Record<KindPrefix, Find>>;

type RowOf<Prefix extends KindPrefix> = Awaited<ReturnType<(typeof FIND)[Prefix]>>[number];

/** Null for one that is missing, in the trash, or out of reach. */
export async function findNode<Prefix extends KindPrefix>(
  prefix: Prefix,
  { viewer, database }: Context,
  id: string,
): Promise<RowOf<Prefix> | null> {
  const self = requireRole(viewer, 'viewer');
  const [found = null] = await FIND[prefix](database.prisma, { in: [id] }, self);
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
  const kinds = [...byKind(ids)];
  const found = await Promise.all(
    kinds.map(([prefix, some]) => FIND[prefix](database.prisma, { in: some }, self)),
  );
  const rows = new Map(found.flat().map((row) => [row.id, row]));
  return ids.map((id) => rows.get(id) ?? null);
}
