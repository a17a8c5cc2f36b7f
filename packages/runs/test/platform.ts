import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type ArtifactStore, type Database, folderArtifacts, openDatabase } from '@espalier/store';
import { onTestFinished } from 'vitest';
import { testDatabase } from '../../store/test/test-database.ts';
import { Queue } from '../src/index.ts';
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
  url = undefined as string | undefined,
} = {}): Promise<Platform> {
  const folder = await mkdtemp('/var/tmp/espalier-worker-');
  const at = url ?? (await testDatabase());
  const database = await openDatabase(at);
  const queue = await Queue.open(at, () => {}, TIMING);
  const artifacts = folderArtifacts(path.join(folder, 'artifacts'));
  onTestFinished(async () => {
    await queue.close();
    await database.close();
    await rm(folder, { recursive: true, force: true });
  });
  const experimentId = await fillTiny({ folder, database, artifacts, samples, perClass, recipe });
  return { url: at, folder, database, queue, artifacts, experimentId };
}

export async function experimentOf({ database, experimentId }: Platform) {
  return database.prisma.experiment.findUniqueOrThrow({
    where: { id: experimentId },
    include: { model: true, dataset: true },
  });
}

export async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await setTimeout(20);
}
