import { seededRandom } from '@espalier/datasets';
import { USUAL_LIMITS } from '@espalier/pipeline';
import { type Prisma, type PrismaClient, RunState } from '@espalier/store';

/** The same whole numbers below `n` every time. */
export function numbers(seed: number): (n: number) => number {
  const next = seededRandom(seed);
  return (n) => Math.floor(next() * n);
}

export const TAGS = ['paper', 'keep', 'odd%one', '=1+1'] as const;

/** What a test's runs are in. */
export interface Filled {
  readonly projectIds: readonly string[];
  readonly modelIds: readonly string[];
  readonly datasetIds: readonly string[];
  readonly experimentIds: readonly string[];
  readonly runIds: readonly string[];
}

/** A team's runs with results, drawn at random: equal, unknown and impossible values among them. */
export async function fillTeam(
  prisma: PrismaClient,
  teamId: string,
  { runs, seed = 1 }: { readonly runs: number; readonly seed?: number },
): Promise<Filled> {
  const draw = numbers(seed);
  /** What was added since draws from numbers of its own: the rest stays as it was. */
  const own = numbers(seed + 100);
  const pick = <T>(of: readonly T[]): T => of[draw(of.length)] as T;
  const id = (prefix: string, i: number) => `${prefix}_${teamId}_${String(i).padStart(5, '0')}`;
  const sha256 = 'cd'.repeat(32);
  await prisma.artifact.createMany({
    data: [{ sha256, bytes: 1, mediaType: 'application/onnx' }],
    skipDuplicates: true,
  });
  const projectIds = [0, 1].map((i) => id('proj', i));
  await prisma.project.createMany({
    data: projectIds.map((project, i) => ({ id: project, teamId, name: `Project ${i}` })),
  });
  const modelIds = [0, 1, 2].map((i) => id('model', i));
  await prisma.model.createMany({
    data: modelIds.map((model, i) => ({
      ...{ id: model, teamId, projectId: projectIds[i % 2] ?? '', name: `Net ${i}`, sha256 },
      ...{ networkHash: `net${i}`, params: 1000 + i, macs: 40_000_000 + i, summary: { groups: [] } },
    })),
  });
  const datasetIds = [0, 1].map((i) => id('data', i));
  await prisma.dataset.createMany({
    data: datasetIds.map((dataset, i) => ({
      ...{ id: dataset, teamId, name: `Data ${i}`, hash: `hash${i}`, classes: ['a', 'b'] },
    })),
  });
  await prisma.baseEvaluation.createMany({
    // One that nobody has tested yet.
    data: modelIds.slice(0, 2).flatMap((modelId, m) =>
      [0, 1].map((d) => ({
        ...{ id: `eval_${teamId}_${m}${d}`, modelId, datasetHash: `hash${d}`, split: 'test' },
        ...{ top1: 0.9 - m * 0.05, loss: 0.3, images: 100 },
      })),
    ),
  });
  const experimentIds = Array.from({ length: 6 }, (_, i) => id('exp', i));
  await prisma.experiment.createMany({
    data: experimentIds.map((experiment, i) => ({
      ...{ id: experiment, teamId, projectId: projectIds[i % 3 === 1 ? 1 : 0] ?? '' },
      ...{ modelId: modelIds[i % 3] ?? '', datasetId: datasetIds[i % 2] ?? '' },
      ...{ name: `Experiment ${i}`, samples: 10, grid: [0.5], seed: 0 },
      tags: i === 0 ? ['paper'] : [],
    })),
  });
  const samplingId = id('sample', 0);
  await prisma.samplingRun.create({
    data: {
      ...{ id: samplingId, key: samplingId, modelId: modelIds[0] ?? '', datasetId: datasetIds[0] ?? '' },
      ...{ networkHash: 'net0', datasetHash: 'hash0', criterion: 'l1', grid: [0.3, 0.6], samples: 10 },
      ...{ seed: 0, state: 'done', groups: [{ id: 'conv1', width: 8 }], baselineTop1: 0.9 },
      contribution: {
        create: { drop: [0.1, 0.2], monotoneDrop: [0.1, 0.2], contribution: [1, 1], importance: [1] },
      },
      points: {
        create: [0, 1].map((ratioIndex) => ({
          ...{ groupIndex: 0, ratioIndex, removed: 1, top1: 0.8 - ratioIndex / 10, loss: 1, images: 10 },
          standardError: 0.01,
        })),
      },
    },
  });
  const made = Array.from({ length: runs }, (_, i): Prisma.RunCreateManyInput => {
    const state = draw(3) === 0 ? pick(Object.values(RunState)) : 'finished';
    return {
      ...{ id: id('run', i), teamId, experimentId: pick(experimentIds), samplingRunId: samplingId },
      ...{ allocation: pick(['cie', 'uniform', 'random']), criterion: pick(['l1', 'l2']) },
      ...{ metric: pick(['macs', 'params']), share: (1 + draw(9)) / 10, seed: draw(3), state },
      limits: USUAL_LIMITS,
      ...{
        tags: TAGS.filter(() => draw(4) === 0),
        notes: pick(['', 'Best So Far', '100% odd_name', '=cmd()']),
      },
      createdAt: new Date(Date.UTC(2026, 0, 1, 0, i)),
      engine: [null, 'onnxruntime', 'tensorflow'][own(3)] ?? null,
      finishedAt: state === 'finished' ? new Date(Date.UTC(2026, 0, 2, 0, own(60), 0, own(1000))) : null,
    };
  });
  await prisma.run.createMany({ data: made });
  await prisma.runEvent.createMany({
    data: made.map(({ id: runId }) => ({ runId, seq: 1, kind: 'created', data: {} })),
  });
  await prisma.prunedResult.createMany({
    data: made
      .filter(({ state }) => state === 'finished')
      .map(({ id: runId }) => {
        const macs = 1_000_000 + draw(20) * 1_000_000;
        return {
          ...{ runId, sha256, networkHash: runId, params: 100 + draw(10), macs },
          ...{ savedParams: draw(10) / 10, savedMacs: 1 - macs / 40_000_000, trace: [], seconds: {} },
          structure: [{ group: 'conv1', before: 8, after: 4, kept: [0, 1, 2, 3] }],
          ...{ prunedTop1: draw(100) / 100, top1: draw(8) === 0 ? null : draw(30) / 30 },
          ...{ loss: draw(10) === 0 ? Number.NaN : 0.5, images: 100, provenance: { engine: 'test' } },
          ...{ latencyMs: draw(6) === 0 ? null : draw(12) / 7, baseLatencyMs: 2 },
          ...{ throughput: own(3) === 0 ? null : own(9) * 10, baseThroughput: 25 },
        };
      }),
  });
  return { projectIds, modelIds, datasetIds, experimentIds, runIds: made.map((run) => run.id) };
}
