import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Membership, newId, type User } from '@espalier/store';
import type { Viewer } from '../access/viewer.ts';
import { registerDataset } from '../datasets/datasets.ts';
import { createExperiment } from '../experiments/experiments.ts';
import { completeUpload } from '../files/uploads.ts';
import type { Context, Services } from '../graphql/context.ts';
import { createLoaders } from '../graphql/loaders.ts';
import { registerModel } from '../models/models.ts';
import { createProject } from '../projects/projects.ts';
import { startRuns } from '../runs/runs.ts';

const MODEL_FILE = fileURLToPath(new URL('../../../../models/resnet20-cifar10.onnx', import.meta.url));

/** What the example prunes by, and with what it is compared. */
const STRATEGIES = [
  { allocation: 'cie', criterion: 'l1' },
  { allocation: 'uniform', criterion: 'l1' },
  { allocation: 'uniform', criterion: 'random' },
] as const;
const TARGET = { metric: 'macs', share: 0.5 } as const;
const SAMPLES = 1000;
/**
 * A minute or so a run, on two cores: a taste of fine-tuning that adds to what the repair has won back. Fewer steps, or a
 * higher rate, take some of it away again.
 */
const RECIPE = { steps: 300, learningRate: 0.01, distillation: { temperature: 4, weight: 0.5 } };

export interface Example {
  readonly experimentId: string;
  readonly owner: { readonly teamId: string; readonly userId: string };
}

/**
 * The example experiment of the first team: the shipped ResNet-20 on CIFAR-10, pruned by CIE and two baselines.
 * Made through the same services that the API uses, once; null if there are experiments already.
 */
export async function makeExample(services: Services): Promise<Example | null> {
  const { prisma } = services.database;
  if ((await prisma.experiment.count()) > 0) return null;
  const membership = await prisma.membership.findFirst({
    where: { role: 'admin' },
    include: { user: true },
    orderBy: { createdAt: 'asc' },
  });
  if (!membership) return null;
  const context = contextOf(services, membership);
  const project = await createProject(context, {
    name: 'Example',
    description: 'ResNet-20 on CIFAR-10, to look around in.',
  });
  const model = await registerModel(context, {
    projectId: project.id,
    uploadId: await uploaded(context),
    name: 'resnet20',
    preprocessing: JSON.parse(await readFile(`${MODEL_FILE}.json`, 'utf8')),
  });
  const { dataset } = await registerDataset(context, { name: 'cifar10', uploadId: null });
  const experiment = await createExperiment(context, {
    ...{ modelId: model.id, datasetId: dataset.id, name: 'CIE against two baselines' },
    ...{ samples: SAMPLES, grid: '0.1:0.9:0.1', seed: 0, recipe: RECIPE, recalibrate: null },
  });
  await startRuns(context, {
    experimentId: experiment.id,
    strategies: STRATEGIES,
    targets: [TARGET],
    seeds: [0],
  });
  const { teamId, userId } = context.viewer;
  return { experimentId: experiment.id, owner: { teamId, userId } };
}

function contextOf(
  services: Services,
  { teamId, userId, role, user: { name, email } }: Membership & { readonly user: User },
): Context & { readonly viewer: Viewer } {
  const whole = { apiKeyId: null, apiKeyName: null, sessionId: null, scopes: null, projectIds: null };
  const viewer: Viewer = { teamId, userId, role, name, email, operator: false, ...whole };
  const { signal } = new AbortController();
  const loaders = createLoaders(services.database.prisma, viewer);
  return { ...services, viewer, loaders, address: '', peer: '', signal };
}

async function uploaded(context: Context & { readonly viewer: Viewer }): Promise<string> {
  const id = newId('upload');
  const { teamId } = context.viewer;
  const { prisma } = context.database;
  await prisma.upload.create({
    data: { id, teamId, fileName: path.basename(MODEL_FILE), limit: context.uploadLimit },
  });
  await completeUpload(context, id, createReadStream(MODEL_FILE), context.uploadLimit);
  return id;
}
