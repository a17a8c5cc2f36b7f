import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeNetwork } from '@espalier/formats';
import type { Network } from '@espalier/network';
import { tinyMetadata, tinyResNet } from '../../../packages/engines/test/tiny-networks.ts';
import type { Platform } from './platform.ts';

/** A network, a tiny residual one if none is given, as a file of the store. */
export async function networkArtifact(
  { prisma, artifacts }: Pick<Platform, 'prisma' | 'artifacts'>,
  network: Network = { ...tinyResNet(), metadata: tinyMetadata() },
): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'espalier-rows-'));
  const file = path.join(folder, 'tiny.onnx');
  await writeNetwork(file, network);
  const stored = await artifacts.put(createReadStream(file));
  await rm(folder, { recursive: true });
  await prisma.artifact.create({ data: { ...stored, mediaType: 'application/onnx' } });
  return stored.sha256;
}

const CLASSES = Array.from({ length: 10 }, (_, i) => `class${i}`);

/** An experiment `exp_s` of a team, with all that it takes; its images are none. */
export async function experiment(
  platform: Pick<Platform, 'prisma' | 'artifacts'>,
  teamId: string,
): Promise<void> {
  const { prisma } = platform;
  const sha256 = await networkArtifact(platform);
  await prisma.project.create({ data: { id: 'proj_s', teamId, name: 'p' } });
  await prisma.model.create({
    data: {
      ...{ id: 'model_s', teamId, projectId: 'proj_s', name: 'm', sha256, networkHash: 'h' },
      ...{ params: 1, macs: 1, summary: {} },
    },
  });
  await prisma.dataset.create({
    data: {
      ...{ id: 'data_s', teamId, name: 'd', builtIn: 'mnist', hash: 'h', classes: CLASSES },
      splits: {
        create: [
          { name: 'train', images: 2000 },
          { name: 'search', images: 1000 },
        ],
      },
    },
  });
  await prisma.experiment.create({
    data: {
      ...{ id: 'exp_s', teamId, projectId: 'proj_s', modelId: 'model_s', datasetId: 'data_s', name: 'e' },
      ...{ samples: 1, grid: [0.5], seed: 0 },
    },
  });
}
