import type { Platform } from './platform.ts';

/** An experiment `exp_s` of a team, with all that it takes, and without files. */
export async function experiment({ prisma }: Pick<Platform, 'prisma'>, teamId: string): Promise<void> {
  const sha256 = 'cd'.repeat(32);
  await prisma.artifact.create({ data: { sha256, bytes: 1, mediaType: 'application/onnx' } });
  await prisma.project.create({ data: { id: 'proj_s', teamId, name: 'p' } });
  await prisma.model.create({
    data: {
      ...{ id: 'model_s', teamId, projectId: 'proj_s', name: 'm', sha256, networkHash: 'h' },
      ...{ params: 1, macs: 1, summary: {} },
    },
  });
  await prisma.dataset.create({
    data: {
      ...{ id: 'data_s', teamId, name: 'd', builtIn: 'mnist', hash: 'h', classes: [] },
      splits: { create: [{ name: 'search', images: 1000 }] },
    },
  });
  await prisma.experiment.create({
    data: {
      ...{ id: 'exp_s', teamId, projectId: 'proj_s', modelId: 'model_s', datasetId: 'data_s', name: 'e' },
      ...{ samples: 1, grid: [0.5], seed: 0 },
    },
  });
}
