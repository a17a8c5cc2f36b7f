import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { openDataset } from '@espalier/datasets';
import { writeNetwork } from '@espalier/formats';
import { networkCost, networkHash } from '@espalier/network';
import { type ArtifactStore, type Database, folderArtifacts, newId, openDatabase } from '@espalier/store';
import { onTestFinished } from 'vitest';
import { tinyMetadata, tinyResNet } from '../../engines/test/tiny-networks.ts';
import { testDatabase } from '../../store/test/test-database.ts';
import { Queue } from '../src/index.ts';
import { pictureFolder } from './pictures.ts';

const CLASSES = 10;

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
  const experimentId = await fill({ folder, database, artifacts, samples, perClass, recipe });
  return { url: at, folder, database, queue, artifacts, experimentId };
}

async function fill({
  folder,
  database: { prisma },
  artifacts,
  samples,
  perClass,
  recipe,
}: Pick<Platform, 'folder' | 'database' | 'artifacts'> & {
  samples: number;
  perClass: number;
  recipe: object | null;
}): Promise<string> {
  const network = { ...tinyResNet(), metadata: tinyMetadata() };
  const file = path.join(folder, 'tiny.onnx');
  await writeNetwork(file, network);
  const stored = await artifacts.put(createReadStream(file));
  const pictures = await pictureFolder(path.join(folder, 'pictures'), CLASSES, perClass);
  const dataset = await openDataset(pictures, { home: path.join(folder, 'home') });
  const { hash, classes, splits } = dataset;
  await dataset.close();

  const [teamId, projectId, modelId, datasetId, experimentId] = [
    newId('team'),
    newId('proj'),
    newId('model'),
    newId('data'),
    newId('exp'),
  ];
  await prisma.team.create({ data: { id: teamId, slug: 'team', name: 'Team' } });
  await prisma.project.create({ data: { id: projectId, teamId, name: 'Project' } });
  await prisma.artifact.create({ data: { ...stored, mediaType: 'application/onnx' } });
  const { params, macs } = networkCost(network);
  await prisma.model.create({
    data: {
      ...{ id: modelId, teamId, projectId, name: 'tiny', sha256: stored.sha256, params, macs },
      networkHash: networkHash(network),
      summary: {},
    },
  });
  await prisma.dataset.create({
    data: {
      ...{ id: datasetId, teamId, name: 'pictures', builtIn: pictures, hash, classes: [...classes] },
      splits: { create: Object.entries(splits).map(([name, { n }]) => ({ name, images: n })) },
    },
  });
  await prisma.experiment.create({
    data: {
      ...{ id: experimentId, teamId, projectId, modelId, datasetId, name: 'Experiment' },
      ...{ samples, grid: [0.25, 0.5, 0.75], seed: 0, ...(recipe ? { recipe } : {}) },
    },
  });
  return experimentId;
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
