import { createReadStream } from 'node:fs';
import path from 'node:path';
import { openDataset } from '@espalier/datasets';
import { writeNetwork } from '@espalier/formats';
import { networkCost, networkHash } from '@espalier/network';
import { type ArtifactStore, type Database, newId } from '@espalier/store';
import { tinyMetadata, tinyResNet } from '../../engines/test/tiny-networks.ts';
import { pictureFolder } from './pictures.ts';

const CLASSES = 10;

export interface TinyExperiment {
  readonly folder: string;
  readonly database: Database;
  readonly artifacts: ArtifactStore;
  readonly samples: number;
  /** Pictures of each of ten classes; about a tenth of them are the search split. */
  readonly perClass: number;
  readonly recipe: object | null;
  /** Training images by which is repaired; null as before there was a repair. */
  readonly repair?: number | null;
}

/** A team with a tiny network, some pictures and an experiment, of which it returns the id. */
export async function fillTiny({
  folder,
  database: { prisma },
  artifacts,
  samples,
  perClass,
  recipe,
  repair = null,
}: TinyExperiment): Promise<string> {
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
      ...{ samples, grid: [0.25, 0.5, 0.75], seed: 0, repair, ...(recipe ? { recipe } : {}) },
    },
  });
  return experimentId;
}
