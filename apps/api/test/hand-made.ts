import { createHash } from 'node:crypto';
import { USUAL_LIMITS } from '@espalier/pipeline';
import type { PrismaClient } from '@espalier/store';

/** A finished run whose numbers a person can work out. */
export interface HandMade {
  readonly id: string;
  readonly model?: keyof typeof BASES;
  /** Of its experiment; none without it. */
  readonly recipeHash?: string;
  readonly allocation?: string;
  readonly criterion?: string;
  readonly seed?: number;
  readonly share?: number;
  readonly macs: number;
  readonly params?: number;
  /** Of its file. */
  readonly bytes?: number;
  /** Of its graph and weights; the id where it is left out. */
  readonly network?: string;
  readonly top1: number | null;
  readonly latencyMs?: number | null;
  readonly throughput?: number | null;
}

/** Each in a project of its own; nobody has tested `untested`. */
const BASES = {
  small: { params: 1000, macs: 4000, bytes: 800, top1: 0.9 },
  large: { params: 10_000, macs: 80_000, bytes: 9000, top1: 0.8 },
  untested: { params: 500, macs: 500, bytes: 500, top1: null },
} as const;

/** A team's models (`model_small` and so on, on `data_TEAM`), their experiments and these runs. */
export async function makeRuns(
  prisma: PrismaClient,
  teamId: string,
  runs: readonly HandMade[],
): Promise<{ readonly id: (name: string) => string }> {
  const id = (name: string) => `${name}_${teamId}`;
  const file = async (name: string, bytes: number) => {
    const sha256 = createHash('sha256').update(id(name)).digest('hex');
    await prisma.artifact.create({ data: { sha256, bytes, mediaType: 'application/onnx' } });
    return sha256;
  };
  await prisma.dataset.create({
    data: { id: id('data'), teamId, name: 'Data', hash: id('hash'), classes: ['a', 'b'] },
  });
  for (const [name, { params, macs, bytes, top1 }] of Object.entries(BASES)) {
    const [modelId, projectId] = [id(`model_${name}`), id(`proj_${name}`)];
    await prisma.project.create({ data: { id: projectId, teamId, name: `Project ${name}` } });
    await prisma.model.create({
      data: {
        ...{ id: modelId, teamId, projectId, name, sha256: await file(`model_${name}`, bytes) },
        ...{ networkHash: id(name), params, macs, summary: {} },
      },
    });
    if (top1 === null) continue;
    await prisma.baseEvaluation.create({
      data: {
        ...{ id: id(`eval_${name}`), modelId, datasetHash: id('hash'), split: 'test' },
        ...{ top1, top5: null, loss: 0.25, images: 100 },
      },
    });
  }
  const experiments = new Set<string>();
  for (const run of runs) {
    const { model = 'small', recipeHash = null, allocation = 'cie', criterion = 'l1', seed = 0 } = run;
    const experimentId = id(`exp_${model}_${recipeHash ?? 'none'}`);
    if (!experiments.has(experimentId)) {
      experiments.add(experimentId);
      await prisma.experiment.create({
        data: {
          ...{ id: experimentId, teamId, projectId: id(`proj_${model}`), modelId: id(`model_${model}`) },
          ...{ datasetId: id('data'), name: `${model} ${recipeHash ?? ''}`, samples: 1, grid: [0.5] },
          ...{ seed: 0, ...(recipeHash === null ? {} : { recipeHash, recipe: { epochs: 1 } }) },
        },
      });
    }
    const { share = 0.5, params = 500, bytes = 400, latencyMs = null, throughput = null } = run;
    await prisma.run.create({
      data: {
        ...{ id: id(run.id), teamId, experimentId, allocation, criterion, seed, metric: 'macs', share },
        limits: USUAL_LIMITS,
        ...{ state: 'finished', finishedAt: new Date(Date.UTC(2026, 0, 1, 0, experiments.size)) },
        result: {
          create: {
            structure: [{ group: 'conv1', before: 8, after: 4, kept: [0, 1, 2, 3] }],
            ...{ sha256: await file(run.id, bytes), networkHash: id(run.network ?? run.id), params },
            ...{ macs: run.macs, savedParams: 1 - params / BASES[model].params },
            ...{ savedMacs: 1 - run.macs / BASES[model].macs, trace: [], seconds: {} },
            ...{ top1: run.top1, prunedTop1: run.top1, loss: 0.5, images: 100 },
            ...{ latencyMs, baseLatencyMs: latencyMs === null ? null : 3 },
            ...{ throughput, baseThroughput: throughput === null ? null : 200 },
            provenance: { engine: 'test' },
          },
        },
      },
    });
  }
  return { id };
}
