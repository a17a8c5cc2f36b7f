import { SPLIT_NAMES } from '@espalier/datasets';
import { stored } from '@espalier/runs';
import type { DatasetSplit, Model, PrismaClient, User } from '@espalier/store';
import DataLoader from 'dataloader';
import type { Asker } from '../access/viewer.ts';
import { subjectNames } from '../audit/subject-names.ts';
import { createBenchmarkLoaders } from '../benchmarks/benchmark-loaders.ts';
import { nodeLoader } from '../nodes/find.ts';
import { createQueueLoaders } from '../operations/queue-loaders.ts';
import { bestRunLoader } from '../ratios/best-run.ts';
import { createRunLoaders } from '../runs/run-loaders.ts';
import { type ContributionMatrixType, matricesOf } from '../sampling/matrices.ts';
import { listLoaders } from './list-loaders.ts';
import { oneEach, someEach } from './row-loaders.ts';

/** Without what is long: it is read where it is asked for. */
export type NarrowModel = Omit<Model, 'summary'>;

/** Who changed something: a user, by a key or signed in. */
export interface Actor {
  readonly user: User;
  readonly apiKeyName: string | null;
}

const SPLITS: readonly string[] = SPLIT_NAMES;

/** Rows by their ids, many in one statement: the number of statements does not depend on the number of rows. */
export type Loaders = ReturnType<typeof createLoaders>;

export function createLoaders(prisma: PrismaClient, viewer: Asker | null) {
  return {
    ...createRunLoaders(prisma),
    ...createQueueLoaders(prisma),
    ...createBenchmarkLoaders(prisma),
    node: nodeLoader(prisma, viewer),
    lists: listLoaders(),
    bestRun: bestRunLoader(prisma),
    /** What is known of a network: by the id of the model. */
    summary: oneEach(
      (ids) => prisma.model.findMany({ where: { id: { in: ids } }, select: { id: true, summary: true } }),
      ({ id, summary }) => [id, stored('Model', 'summary', summary)],
    ),
    /** How large a file in the store is, and of what kind: by its hash. */
    file: oneEach(
      (hashes) =>
        prisma.artifact.findMany({
          where: { sha256: { in: hashes } },
          select: { sha256: true, bytes: true, mediaType: true },
        }),
      ({ sha256, ...file }) => [sha256, file],
    ),
    /** What is long of a device's profile: by its id. */
    profileParts: oneEach(
      (ids) =>
        prisma.deviceProfile.findMany({
          where: { id: { in: ids } },
          select: { id: true, kinds: true, heldOut: true, stairs: true },
        }),
      ({ id, ...parts }) => [id, parts],
    ),
    /** Of the network as given, by the id of the model. Of several engines the last one is what people mean. */
    evaluations: someEach(
      (modelIds) =>
        prisma.baseEvaluation.findMany({
          where: { modelId: { in: modelIds } },
          omit: { hits: true },
          // Those that the platform did not compute come last.
          orderBy: [{ decoding: 'desc' }, { createdAt: 'desc' }],
        }),
      ({ modelId }) => modelId,
    ),
    /** By the id of the data set. */
    splits: new DataLoader<string, DatasetSplit[]>(async (ids) => {
      const found = await prisma.datasetSplit.findMany({ where: { datasetId: { in: [...ids] } } });
      const inOrder = found.sort((a, b) => SPLITS.indexOf(a.name) - SPLITS.indexOf(b.name));
      return ids.map((id) => inOrder.filter(({ datasetId }) => datasetId === id));
    }),
    /** By the id of a user or an API key. */
    actor: new DataLoader<string, Actor | null>((ids) => actorsOf(prisma, ids)),
    /** What an entry of the log is about, also what is deleted. */
    subjectName: new DataLoader<string, string | null>((ids) => subjectNames(prisma, viewer, ids)),
    /** Of whoever asks, by the id of the team. */
    ownRole: oneEach(
      (teamIds) =>
        prisma.membership.findMany({ where: { userId: viewer?.userId ?? '', teamId: { in: teamIds } } }),
      ({ teamId, role }) => [teamId, role],
    ),
    user: oneEach(
      (ids) => prisma.user.findMany({ where: { id: { in: ids } } }),
      (user) => [user.id, user],
    ),
    /** Who computed something. */
    worker: oneEach(
      (ids) =>
        prisma.worker.findMany({
          where: { id: { in: ids } },
          select: { id: true, host: true, version: true },
        }),
      (worker) => [worker.id, worker],
    ),
    /** By the id of the sampling run; null until it is done. */
    matrix: new DataLoader<string, ContributionMatrixType | null>((ids) => matricesOf(prisma, ids)),
  };
}

async function actorsOf(prisma: PrismaClient, ids: readonly string[]): Promise<(Actor | null)[]> {
  const where = { id: { in: [...ids] } };
  const [users, keys] = await Promise.all([
    prisma.user.findMany({ where }),
    prisma.apiKey.findMany({ where, include: { user: true } }),
  ]);
  const actors = new Map<string, Actor>([
    ...users.map((user) => [user.id, { user, apiKeyName: null }] as const),
    ...keys.map(({ id, name, user }) => [id, { user, apiKeyName: name }] as const),
  ]);
  return ids.map((id) => actors.get(id) ?? null);
}

/** For a stream: what was read before one of its events is not what there is at the next. */
export function forget(loaders: Loaders): void {
  for (const loader of Object.values<{ clearAll(): unknown }>(loaders)) loader.clearAll();
}
