import { createReadStream } from 'node:fs';
import type { Dataset } from '@espalier/datasets';
import { readNetwork } from '@espalier/formats';
import { networkCost, networkHash } from '@espalier/network';
import { newId } from '@espalier/store';
import type { PlatformBench } from '../platform.ts';

export interface BenchExperiment {
  /** An ONNX file. */
  readonly model: string;
  readonly dataset: Dataset;
  /** What workers open the data set by. */
  readonly builtIn: string;
  readonly samples: number;
  readonly grid: readonly number[];
  readonly seed: number;
}

/** A team, a network, a data set and an experiment, each a new one. */
export async function addExperiment(
  { database: { prisma }, artifacts }: Pick<PlatformBench, 'database' | 'artifacts'>,
  { model, dataset, builtIn, samples, grid, seed }: BenchExperiment,
) {
  const { network } = await readNetwork(model);
  const { sha256, bytes } = await artifacts.put(createReadStream(model));
  await prisma.artifact.upsert({
    where: { sha256 },
    create: { sha256, bytes, mediaType: 'application/onnx' },
    update: {},
  });
  const { id: teamId } = await prisma.team.create({
    data: { id: newId('team'), slug: newId('team'), name: 'Bench' },
  });
  const { id: projectId } = await prisma.project.create({
    data: { id: newId('proj'), teamId, name: 'Bench' },
  });
  const { params, macs } = networkCost(network);
  const { id: modelId } = await prisma.model.create({
    data: {
      ...{ id: newId('model'), teamId, projectId, name: network.name, sha256, params, macs, summary: {} },
      networkHash: networkHash(network),
    },
  });
  const { name, hash, classes } = dataset;
  const { id: datasetId } = await prisma.dataset.create({
    data: { id: newId('data'), teamId, name, builtIn, hash, classes: [...classes] },
  });
  return prisma.experiment.create({
    data: {
      ...{ id: newId('exp'), teamId, projectId, modelId, datasetId, name: 'Bench' },
      ...{ samples, grid: [...grid], seed },
    },
    include: { model: true, dataset: true },
  });
}
