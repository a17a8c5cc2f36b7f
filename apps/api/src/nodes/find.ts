import {
  type Benchmark,
  type Dataset,
  type Device,
  type Experiment,
  type Measurement,
  type Model,
  Prisma,
  type PrismaClient,
  type Profiling,
  type Project,
  type Run,
  type SavedView,
  type WebhookDelivery,
} from '@espalier/store';
import DataLoader from 'dataloader';
import { ownUploads } from '../access/reach.ts';
import { RIGHTS } from '../access/rights.ts';
import { type Asker, hasRight, type Right, type Viewer } from '../access/viewer.ts';
import { auditSource } from '../audit/audit-source.ts';
import { benchmarkSource } from '../benchmarks/benchmark-source.ts';
import { datasetSource } from '../datasets/dataset-source.ts';
import { deviceSource } from '../devices/device-source.ts';
import { measurementSource } from '../devices/measurement-source.ts';
import { type NarrowProfile, profileSource } from '../devices/profile-source.ts';
import { profilingSource } from '../devices/profiling-source.ts';
import { experimentSource } from '../experiments/experiment-source.ts';
import { modelSource } from '../models/model-source.ts';
import {
  apiKeySource,
  invitationSource,
  knownUsers,
  memberSource,
  ownTeamsOf,
} from '../people/people-reach.ts';
import { projectSource } from '../projects/project-source.ts';
import { linkSource, type ShownLink } from '../public/link-source.ts';
import { findPublished } from '../published/published-tables.ts';
import type { Source } from '../query/keyset.ts';
import { runSource } from '../runs/run-source.ts';
import { type NarrowSampling, samplingSource } from '../sampling/sampling-source.ts';
import { trashSource } from '../trash/trash-source.ts';
import { viewSource } from '../views/view-source.ts';
import { deliverySource, type ShownWebhook, webhookSource } from '../webhooks/webhook-source.ts';
import { byKind, type KindPrefix } from './kinds.ts';

export interface Row {
  readonly id: string;
}

interface Ids {
  readonly in: string[];
}

type Find<T extends Row = Row> = (prisma: PrismaClient, id: Ids, viewer: Viewer) => Promise<T[]>;

const { Query, Mutation } = RIGHTS;

/**
 * Where rows of each kind are found: what their list takes (`right`; whoever lacks it finds none), and by one statement
 * those of the ids that are there for whoever asks. What is in the trash, or out of reach, is not there.
 */
const TABLE = {
  proj: { right: Query.projects, find: listed<Project>((viewer) => projectSource(viewer, {})) },
  model: { right: Query.models, find: listed<Omit<Model, 'summary'>>((viewer) => modelSource(viewer, {})) },
  data: { right: Query.datasets, find: listed<Dataset>((viewer) => datasetSource(viewer, {})) },
  exp: { right: Query.experiments, find: listed<Experiment>((viewer) => experimentSource(viewer, {})) },
  run: { right: Query.runs, find: listed<Run>((viewer) => runSource(viewer, {})) },
  sample: { right: Query.samplingRuns, find: listed<NarrowSampling>((viewer) => samplingSource(viewer, {})) },
  view: { right: Query.savedViews, find: listed<SavedView>((viewer) => viewSource(viewer, {})) },
  bench: { right: Query.benchmarks, find: listed<Benchmark>((viewer) => benchmarkSource(viewer, {})) },
  pub: {
    right: Query.publishedResults,
    find: (prisma, id, { teamId }) => findPublished(prisma, teamId, id.in),
  },
  device: { right: Query.devices, find: listed<Device>((viewer) => deviceSource(viewer, {})) },
  profile: {
    right: Query.deviceProfiles,
    find: listed<NarrowProfile>((viewer) => profileSource(viewer, {})),
  },
  measurement: {
    right: Query.measurements,
    find: listed<Measurement>((viewer) => measurementSource(viewer, {})),
  },
  profiling: {
    right: Query.profilings,
    find: listed<Profiling>((viewer) => profilingSource(viewer, {})),
  },
  worker: { right: Query.workers, find: ({ worker }, id) => worker.findMany({ where: { id } }) },
  upload: {
    right: Mutation.createUpload,
    find: ({ upload }, id, viewer) => upload.findMany({ where: { id, ...ownUploads(viewer) } }),
  },
  team: {
    right: Query.viewer,
    find: ({ team }, id, viewer) => team.findMany({ where: { AND: [{ id }, ownTeamsOf(viewer)] } }),
  },
  user: {
    right: Query.viewer,
    find: ({ user }, id, viewer) => user.findMany({ where: { id, OR: knownUsers(viewer) } }),
  },
  member: { right: Query.members, find: listed(memberSource) },
  key: { right: Query.apiKeys, find: listed(apiKeySource) },
  invite: { right: Query.invitations, find: listed(invitationSource) },
  audit: { right: Query.auditLog, find: listed(auditSource) },
  hook: { right: Query.webhooks, find: listed<ShownWebhook>((viewer) => webhookSource(viewer, {})) },
  delivery: {
    right: Query.webhooks,
    find: listed<WebhookDelivery>((viewer) => deliverySource(viewer, {})),
  },
  link: { right: Query.publicLinks, find: listed<ShownLink>((viewer) => linkSource(viewer, {})) },
  trash: { right: Query.trash, find: listed(trashSource) },
} satisfies Readonly<Record<KindPrefix, { readonly right: Right; readonly find: Find }>>;

/** Those that the list has, as bare rows: of hundreds they take a third of the time. */
function listed<T extends Row = Row>(source: (viewer: Viewer) => Source): Find<T> {
  return (prisma, ids, viewer) => {
    const { select, from, where, id } = source(viewer);
    return prisma.$queryRaw(
      Prisma.sql`SELECT ${select} FROM ${from} WHERE ${where} AND ${id} = ANY(${ids.in})`,
    );
  };
}

export type RowOf<Prefix extends KindPrefix> = Awaited<ReturnType<(typeof TABLE)[Prefix]['find']>>[number];

export async function findKind(
  prefix: KindPrefix,
  prisma: PrismaClient,
  viewer: Viewer,
  ids: string[],
): Promise<readonly Row[]> {
  const { right, find } = TABLE[prefix];
  return hasRight(viewer, right) ? find(prisma, { in: ids }, viewer) : [];
}

/** In the order of the ids, a statement for each kind; null for one that is missing, in the trash, or out of reach. */
export async function findRows(
  prisma: PrismaClient,
  viewer: Viewer,
  ids: readonly string[],
): Promise<(Row | null)[]> {
  const found = await Promise.all(
    [...byKind(ids)].map(([prefix, some]) => findKind(prefix, prisma, viewer, some)),
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
