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
  /** Of its graph and weights; the id if it is left out. */
  readonly network?: string;
  readonly top1: number | null;
  readonly latencyMs?: number | null;
  readonly throughput?: number | null;
  /** Ends of the interval of its latency ratio. */
  readonly interval?: readonly [low: number, high: number];
  /** By the profile of a device, on which the unpruned network takes 10 ms. */
  readonly onDevice?: {
    readonly device: string;
    readonly ms: number;
    readonly measured?: { readonly ms: number; readonly interval: readonly [low: number, high: number] };
  };
  /** By what its experiment judges, and what it comes to; top-1 if it is left out. */
  readonly judged?: { readonly metric: string; readonly value: number };
}

/** Of the unpruned network on any device. */
const BASE_MS = 10;

/** Each in a separate project; nobody has tested `untested`. */
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
  const profiles = new Map<string, string>();
  const profileOn = async (device: string) => {
    const known = profiles.get(device);
    if (known !== undefined) return known;
    const [deviceId, profileId] = [id(`dev_${device}`), id(`prof_${device}`)];
    await prisma.device.create({
      data: { id: deviceId, teamId, name: device, cpu: 'test', cores: 2, platform: 'linux x64' },
    });
    await prisma.deviceProfile.create({
      data: {
        ...{ id: profileId, teamId, deviceId, sha256: await file(profileId, 1), networkHash: id('small') },
        ...{ networkName: 'small', engine: 'onnxruntime', engineVersion: '1', threads: 2, batch: 1 },
        ...{ baseMs: BASE_MS, smallestMs: 1, overheadMs: 0.1, errorMedian: 0.02, errorWorst: 0.05 },
        ...{
          checkRatio: 1,
          checkLow: 0.99,
          checkHigh: 1.01,
          kinds: [],
          heldOut: [],
          measuredAt: new Date(0),
        },
      },
    });
    profiles.set(device, profileId);
    return profileId;
  };
  const experiments = new Set<string>();
  for (const run of runs) {
    const { model = 'small', recipeHash = null, allocation = 'cie', criterion = 'l1', seed = 0 } = run;
    const { onDevice, judged, interval: [latencyLow, latencyHigh] = [null, null] } = run;
    const profileId = onDevice ? await profileOn(onDevice.device) : null;
    const experimentId = id(
      ['exp', model, recipeHash ?? 'none', onDevice?.device, judged?.metric].filter(Boolean).join('_'),
    );
    if (!experiments.has(experimentId)) {
      experiments.add(experimentId);
      await prisma.experiment.create({
        data: {
          ...{ id: experimentId, teamId, projectId: id(`proj_${model}`), modelId: id(`model_${model}`) },
          ...{ profileId, ...(judged ? { qualityMetric: judged.metric } : {}) },
          ...{
            datasetId: id('data'),
            name: [model, recipeHash ?? '', onDevice?.device, judged?.metric].join(' ').trimEnd(),
            samples: 1,
            grid: [0.5],
          },
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
            ...{ latencyMs, baseLatencyMs: latencyMs === null ? null : 3, latencyLow, latencyHigh },
            ...(judged ? { value: judged.value, prunedValue: judged.value } : {}),
            ...(onDevice ? { savedLatency: 1 - onDevice.ms / BASE_MS, latency: reportOf(onDevice) } : {}),
            ...{ throughput, baseThroughput: throughput === null ? null : 200 },
            provenance: { engine: 'test' },
          },
        },
      },
    });
  }
  return { id };
}

/** What a device profile predicted of a result, and its machine measured. */
function reportOf({ device, ms, measured }: NonNullable<HandMade['onDevice']>) {
  const profile = {
    ...{ hash: device, device, cpu: 'test', cores: 2, platform: 'linux x64', engine: 'onnxruntime' },
    ...{ engineVersion: '1', threads: 2, batch: 1, measuredAt: new Date(0).toISOString() },
  };
  const [low, high] = measured?.interval ?? [0, 0];
  return {
    ...{ profile, differences: [], predicted: { ms, baseMs: BASE_MS }, corrections: 0 },
    measured: measured
      ? {
          ...{ ms: measured.ms, baseMs: BASE_MS, check: { ratio: 1, low: 0.99, high: 1.01 } },
          speedup: { ratio: BASE_MS / measured.ms, low, high },
        }
      : null,
  };
}
