import { DECODING_VERSION } from '@espalier/datasets';
import { packFlags } from '@espalier/engines';
import { USUAL_LIMITS } from '@espalier/pipeline';
import type { Prisma, PrismaClient } from '@espalier/store';

export const CIE = { allocation: 'cie', criterion: 'l1' };
export const UNIFORM = { allocation: 'uniform', criterion: 'l1' };
export const RANDOM = { allocation: 'uniform', criterion: 'random' };
const SHA256 = 'ef'.repeat(32);

/** Two experiments on one network and 100 images: accuracies, hits and structures that one can count. */
export async function fillByHand(prisma: PrismaClient, teamId: string): Promise<void> {
  await prisma.artifact.create({ data: { sha256: SHA256, bytes: 1, mediaType: 'application/onnx' } });
  await prisma.project.create({ data: { id: 'proj_h', teamId, name: 'P' } });
  const net = { networkHash: 'net', params: 100, macs: 1000, summary: {} };
  await prisma.model.create({
    data: { id: 'model_h', teamId, projectId: 'proj_h', name: 'Net', sha256: SHA256, ...net },
  });
  await prisma.dataset.create({
    data: { id: 'data_h', teamId, name: 'Pictures', hash: 'pictures', classes: ['a', 'b'] },
  });
  await prisma.baseEvaluation.create({
    data: {
      ...{ id: 'eval_h', modelId: 'model_h', datasetHash: 'pictures', split: 'test' },
      ...{ top1: 0.9, loss: 0.3, images: 100, decoding: DECODING_VERSION },
    },
  });
  for (const [id, recipeHash] of [
    ['exp_plain', null],
    ['exp_tuned', 'abcdef0123456789'],
  ] as const) {
    await prisma.experiment.create({
      data: {
        ...{ id, teamId, projectId: 'proj_h', modelId: 'model_h', datasetId: 'data_h', name: id },
        ...{ samples: 10, grid: [0.5], seed: 0, recipeHash },
      },
    });
  }
  const run = (
    id: string,
    strategy: { allocation: string; criterion: string },
    share: number,
    seed: number,
    right: number | null,
    result: Partial<Prisma.PrunedResultUncheckedCreateInput> = {},
    experimentId = 'exp_plain',
  ) => finishedRun(prisma, { id, teamId, experimentId, ...strategy, share, seed }, right, result);
  await run('run_cie_30_0', CIE, 0.3, 0, 80);
  await run('run_cie_30_1', CIE, 0.3, 1, 75);
  await run('run_cie_50_0', CIE, 0.5, 0, 64);
  await run('run_uniform_30_0', UNIFORM, 0.3, 0, 70);
  await run('run_uniform_30_1', UNIFORM, 0.3, 1, 70);
  await run('run_uniform_50_0', UNIFORM, 0.5, 0, 70);
  await run('run_random_30_0', RANDOM, 0.3, 0, 60);
  await run('run_random_50_0', RANDOM, 0.5, 0, 50, { hits: null });
  await run('run_tuned', CIE, 0.5, 0, 85, {}, 'exp_tuned');
  await run('run_without_accuracy', CIE, 0.6, 0, null);
  await prisma.run.create({
    data: {
      ...{ id: 'run_none', teamId, experimentId: 'exp_plain', ...CIE, metric: 'macs', share: 0.9 },
      ...{ seed: 0, state: 'queued', limits: USUAL_LIMITS },
    },
  });
}

/** A run of the experiments by hand, right on so many of the 100 images. */
export async function finishedRun(
  prisma: PrismaClient,
  run: Omit<Prisma.RunUncheckedCreateInput, 'metric' | 'state'>,
  right: number | null,
  result: Partial<Prisma.PrunedResultUncheckedCreateInput> = {},
): Promise<void> {
  const { share } = run;
  const isNarrow = run.allocation === CIE.allocation;
  await prisma.run.create({
    data: {
      ...{ limits: USUAL_LIMITS, ...run, metric: 'macs', state: 'finished' },
      result: {
        create: {
          ...{ sha256: SHA256, networkHash: String(run.id), trace: [], seconds: {}, provenance: {} },
          ...{ params: 100 * (1 - share), macs: 1000 * (1 - share), savedParams: share, savedMacs: share },
          structure: isNarrow
            ? structure([0, 1, 2], [0, 1, 2, 3, 4])
            : structure([2, 3], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]),
          ...{ top1: right === null ? null : right / 100, images: 100, decoding: DECODING_VERSION },
          hits: packFlags(Array.from({ length: 100 }, (_, i) => (i < (right ?? 0) ? 1 : 0))),
          ...result,
        },
      },
    },
  });
}

function structure(...kept: number[][]) {
  return kept.map((units, g) => ({
    ...{ group: `conv${g + 1}`, before: g === 0 ? 4 : 10, after: units.length },
    ...{ alone: { params: 1, macs: 1 }, kept: units },
  }));
}
