import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import {
  type ArtifactStore,
  type Database,
  folderArtifacts,
  newId,
  openDatabase,
  type Run,
  type Transaction,
} from '@espalier/store';
import { onTestFinished } from 'vitest';
import { testDatabase } from '../../store/test/test-database.ts';
import { cancelRuns, DEFAULT_TEAM_RUNS, Queue, type RunSpec, SCHEDULING, startRuns } from '../src/index.ts';
import { fillTiny } from './tiny-experiment.ts';

/** A database with a team, a tiny network, some pictures and an experiment; a queue and a folder of artifacts. */
export interface Platform {
  readonly url: string;
  readonly folder: string;
  readonly database: Database;
  readonly queue: Queue;
  readonly artifacts: ArtifactStore;
  readonly experimentId: string;
}

export const TIMING = { heartbeatSeconds: 10, superviseSeconds: 1, pollSeconds: 0.5 };

/**
 * @param perClass pictures of each of ten classes; about a tenth of them are the search split
 * @param url of an empty database; without it one of the test's own
 */
export async function platform({
  samples = 40,
  perClass = 60,
  recipe = null as object | null,
  repair = null as number | null,
  url = undefined as string | undefined,
  teamRuns = DEFAULT_TEAM_RUNS,
} = {}): Promise<Platform> {
  const folder = await mkdtemp('/var/tmp/espalier-worker-');
  const at = url ?? (await testDatabase());
  // One of the test's own comes with all of it.
  const migrates = url !== undefined;
  const database = await openDatabase(at, { migrates });
  const queue = await Queue.open(at, () => {}, { installs: migrates, timing: TIMING, teamRuns });
  const artifacts = folderArtifacts(path.join(folder, 'artifacts'));
  onTestFinished(async () => {
    await queue.close();
    await database.close();
    await rm(folder, { recursive: true, force: true });
  });
  const experimentId = await fillTiny({ folder, database, artifacts, samples, perClass, recipe, repair });
  return { url: at, folder, database, queue, artifacts, experimentId };
}

/** What a change to many runs is done in. */
export function scheduling<T>(
  { database: { prisma } }: Pick<Platform, 'database'>,
  work: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  return prisma.$transaction(work, SCHEDULING);
}

/** Runs of the platform's experiment, or of another one. */
export async function started(
  on: Platform,
  specs: readonly RunSpec[],
  experiment?: Awaited<ReturnType<typeof experimentOf>>,
  priority = 0,
): Promise<Run[]> {
  const context = experiment ?? (await experimentOf(on));
  return scheduling(on, (transaction) => startRuns(transaction, on.queue, context, specs, { priority }));
}

export async function cancelled(on: Pick<Platform, 'database'>, ids: readonly string[]): Promise<string[]> {
  return scheduling(on, (transaction) => cancelRuns(transaction, ids));
}

export async function experimentOf({ database, experimentId }: Platform) {
  return database.prisma.experiment.findUniqueOrThrow({
    where: { id: experimentId },
    include: { model: true, dataset: true },
  });
}

/** An experiment like the first one, of another team. */
export async function otherTeam(on: Platform): Promise<Awaited<ReturnType<typeof experimentOf>>> {
  const { prisma } = on.database;
  const { model, dataset, ...experiment } = await experimentOf(on);
  const teamId = newId('team');
  await prisma.team.create({ data: { id: teamId, slug: teamId, name: 'Other' } });
  const { recipe: _, limits: __, outputWeights: ___, ...rest } = experiment;
  // Its name is the only one of the project.
  const made = await prisma.experiment.create({ data: { ...rest, id: newId('exp'), teamId, name: teamId } });
  return { ...made, model, dataset };
}

export async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await setTimeout(20);
}
