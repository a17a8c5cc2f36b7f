import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { EpochReport } from '@espalier/engines';
import { writeProfile } from '@espalier/latency';
import { type PruneResult, USUAL_LIMITS } from '@espalier/pipeline';
import { profileRow, type RunSpec, startRuns } from '@espalier/runs';
import { newId } from '@espalier/store';
import { expect, it } from 'vitest';
import { espalierHere } from '../../cli/test/espalier.ts';
import { tinyResNet } from '../../engines/test/tiny-networks.ts';
import { syntheticProfile } from '../../latency/test/synthetic-profile.ts';
import { experimentOf, type Platform, platform } from '../../runs/test/platform.ts';
import { inProcess, untilOver } from './processes.ts';

// One plan, one result: whoever carries it out. Two shares are sampled by the worker, one sample by the command.

const SAMPLES = 200;
const GRID = [0.25, 0.5, 0.75];
const SEED = 3;
const REPAIR = 150;
const TRAINING = { steps: 24, batch: 16, learningRate: 0.01 };

interface Case {
  readonly name: string;
  readonly spec?: Partial<RunSpec>;
  /** What the run has of its experiment. */
  readonly fixed?: { readonly recipe?: object; readonly recalibrate?: number; readonly repair?: number };
  /** The same for the command; `FILE` is the recipe's. */
  readonly flags?: readonly string[];
  readonly recipe?: object;
  /** Latency is known by the profile of a board, on which nothing of this is computed. */
  readonly timed?: boolean;
}

const DISTILLING = { ...TRAINING, steps: 140, averaging: 0.9, recalibration: 50, distillation: {} };
const LIMITS = { align: 2, minWidth: 3, maxRatio: 0.7, keep: ['conv1'] };
const MANUAL = 'manual(conv1=0.5;conv2=0.25)';

const BOARD = syntheticProfile(
  tinyResNet(),
  { name: 'onnxruntime', version: '1.0.0', description: 'ONNX Runtime 1.0.0, 2 threads', threads: 2 },
  { device: 'board', cpu: 'Cortex-A76', cores: 4, platform: 'linux arm64' },
);

const CASES: readonly Case[] = [
  { name: 'cie' },
  {
    name: 'cie by gradients',
    spec: { criterion: 'taylor:max' },
    flags: ['--criterion', 'taylor:max'],
  },
  {
    name: 'greedy',
    spec: { allocation: 'greedy', criterion: 'l2:max', limits: USUAL_LIMITS },
    flags: ['--allocation', 'greedy', '--criterion', 'l2:max', '--align', 'auto'],
  },
  { name: 'cie-iterative', spec: { allocation: 'cie-iterative' }, flags: ['--allocation', 'cie-iterative'] },
  { name: 'manual', spec: { allocation: MANUAL }, flags: ['--allocation', MANUAL] },
  {
    name: 'random shares and units',
    spec: { allocation: 'random', criterion: 'random' },
    flags: ['--allocation', 'random', '--criterion', 'random'],
  },
  {
    name: 'rounds with recovery by name',
    spec: { rounds: 2, recovery: { name: 'quick', ...TRAINING } },
    flags: ['--rounds', '2', '--recover', 'quick,steps=24,batch=16,lr=0.01'],
  },
  { name: 'recalibration', fixed: { recalibrate: 100, repair: 0 }, flags: ['--recalibrate', '100'] },
  { name: 'as it was cut', fixed: { repair: 0 }, flags: ['--repair', '0'] },
  {
    name: 'fine-tuning with distillation',
    fixed: { recipe: DISTILLING },
    flags: ['--finetune', 'recipe=FILE'],
    recipe: DISTILLING,
  },
  {
    name: 'limits',
    spec: { target: { metric: 'params', share: 0.2 }, limits: LIMITS },
    flags: [
      ...['--target', 'params=0.2', '--align', '2', '--min-width', '3', '--max-ratio', '0.7'],
      ...['--keep', 'conv1'],
    ],
  },
  // On the profile's own machine what is measured corrects the search, and no two measurements are equal: what both
  // compute alike is what the profile of another machine predicts.
  {
    name: 'a share of the time',
    spec: { target: { metric: 'latency', share: 0.4 } },
    flags: ['--target', 'latency=0.4', '--profile', 'PROFILE'],
    timed: true,
  },
  {
    name: 'milliseconds',
    spec: { allocation: 'uniform', target: { metric: 'latency', share: 0.3, ms: BOARD.baseMs * 0.7 } },
    flags: ['--allocation', 'uniform', '--target', `latency=${BOARD.baseMs * 0.7}ms`, '--profile', 'PROFILE'],
    timed: true,
  },
  {
    name: 'MACs, with the time told',
    spec: { target: { metric: 'macs', share: 0.3 } },
    flags: ['--target', 'macs=0.3', '--profile', 'PROFILE'],
    timed: true,
  },
];

async function started(
  on: Platform,
  { name, spec: changes = {}, fixed = {}, timed = false }: Case,
): Promise<string> {
  const { prisma } = on.database;
  const base = await experimentOf(on);
  const { teamId, projectId, modelId, datasetId } = base;
  const experiment = await prisma.experiment.create({
    data: {
      ...{ id: newId('exp'), teamId, projectId, modelId, datasetId, name },
      ...{ samples: SAMPLES, grid: GRID, seed: SEED, repair: REPAIR, ...fixed },
      profileId: timed ? await boardProfile(on, teamId) : null,
    },
    include: { model: true, dataset: true },
  });
  const target = { metric: 'macs', share: 0.4 };
  const spec: RunSpec = { allocation: 'cie', criterion: 'l1', target, seed: SEED, ...changes };
  const [run] = await prisma.$transaction((transaction) =>
    startRuns(transaction, on.queue, experiment, [spec]),
  );
  return run?.id ?? '';
}

/** A row of it, as it comes from a file. */
async function boardProfile(on: Platform, teamId: string): Promise<string> {
  const { prisma } = on.database;
  const known = await prisma.deviceProfile.findFirst();
  if (known) return known.id;
  const { sha256, bytes } = await on.artifacts.put(createReadStream(await boardFile(on)));
  await prisma.artifact.create({ data: { sha256, bytes, mediaType: 'application/json' } });
  const { device: name, cpu, cores, platform: machine } = BOARD;
  const device = await prisma.device.create({
    data: { id: newId('device'), teamId, name, cpu, cores, platform: machine },
  });
  const id = newId('profile');
  await prisma.deviceProfile.create({
    data: { id, teamId, deviceId: device.id, sha256, ...profileRow(BOARD, null) },
  });
  return id;
}

async function boardFile({ folder }: Platform): Promise<string> {
  const file = path.join(folder, 'board.json');
  await writeProfile(file, BOARD);
  return file;
}

async function commanded(
  on: Platform,
  { name, flags = [], recipe }: Case,
): Promise<PruneResult & { readonly sha256: string }> {
  const file = path.join(on.folder, 'recipe.json');
  await writeFile(file, JSON.stringify(recipe ?? {}));
  const board = await boardFile(on);
  const out = path.join(on.folder, `${name}.onnx`);
  const { code, stdout, stderr } = await espalierHere(
    [
      ...['prune', path.join(on.folder, 'tiny.onnx'), '--dataset', path.join(on.folder, 'pictures')],
      ...['--out', out, '--grid', GRID.join(','), '--samples', String(SAMPLES), '--seed', String(SEED)],
      ...['--engine', 'onnxruntime', '--threads', '1', '--json'],
      ...(flags.includes('--target') ? [] : ['--target', 'macs=0.4']),
      // The tiny network's widths are few: as they fall, there is more to tell apart.
      ...(flags.includes('--align') ? [] : ['--align', '1']),
      ...(flags.some((flag) => flag === '--repair' || flag === '--recalibrate')
        ? []
        : ['--repair', String(REPAIR)]),
      ...flags.map((flag) => flag.replace(/^PROFILE$/, board).replace('FILE', file)),
    ],
    { env: { ESPALIER_HOME: path.join(on.folder, `home of the command for ${name}`) } },
  );
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  const sha256 = createHash('sha256')
    .update(await readFile(out))
    .digest('hex');
  return { ...JSON.parse(stdout), sha256 };
}

type ToldEpoch = { readonly [Name in keyof EpochReport]: EpochReport[Name] | null };

const trained = (epochs: readonly ToldEpoch[]) =>
  epochs.map(({ epoch, loss, top1, learningRate }) => ({ epoch, loss, top1, learningRate }));

const recovered = (recovery: PruneResult['recovery']) =>
  recovery && {
    ...recovery,
    trainings: recovery.trainings.map((each) => ({ ...each, epochs: trained(each.epochs) })),
  };

/** What the command printed, as the tables have it. */
function printed({
  before,
  pruned,
  repaired,
  after,
  achieved,
  ...result
}: Awaited<ReturnType<typeof commanded>>) {
  return {
    file: { sha256: result.sha256, networkHash: result.networkHash, params: after.params, macs: after.macs },
    saved: achieved,
    structure: result.structure,
    trace: result.search.trace,
    pruned: { top1: pruned.top1, loss: pruned.loss, hits: pruned.hits },
    repaired: repaired && { top1: repaired.top1, loss: repaired.loss, hits: repaired.hits },
    repair: result.repair,
    after: { top1: after.top1, top5: after.top5, loss: after.loss, n: after.n, hits: after.hits },
    base: { top1: before.top1, top5: before.top5, loss: before.loss, n: before.n, hits: before.hits },
    latency: result.latency,
    rounds: result.rounds,
    recovery: recovered(result.recovery),
    epochs: trained(result.finetuning?.epochs ?? []),
    engine: result.provenance.engine?.name,
    // In rounds the command says of the first sampling what no table keeps.
    sampled: result.rounds
      ? null
      : (result.sampling?.baseline ?? null) && {
          top1: result.sampling?.baseline.top1,
          loss: result.sampling?.baseline.loss,
        },
  };
}

async function stored({ database: { prisma } }: Platform, id: string) {
  const { result, epochs, samplingRun } = await prisma.run.findUniqueOrThrow({
    where: { id },
    include: { result: true, epochs: { orderBy: { epoch: 'asc' } }, samplingRun: true },
  });
  const base = await prisma.baseEvaluation.findFirstOrThrow();
  if (!result) throw new Error('a finished run has a result');
  const bitmap = (bytes: Uint8Array | null) =>
    bytes === null ? null : Buffer.from(bytes).toString('base64');
  return {
    file: {
      ...{ sha256: result.sha256, networkHash: result.networkHash },
      ...{ params: Number(result.params), macs: Number(result.macs) },
    },
    saved: {
      ...{ params: result.savedParams, macs: result.savedMacs },
      ...(result.savedLatency === null ? {} : { latency: result.savedLatency }),
    },
    latency: result.latency,
    structure: result.structure,
    trace: result.trace,
    pruned: { top1: result.prunedTop1, loss: result.prunedLoss, hits: bitmap(result.prunedHits) },
    repaired: result.repair && {
      ...{ top1: result.repairedTop1, loss: result.repairedLoss, hits: bitmap(result.repairedHits) },
    },
    repair: result.repair,
    after: {
      ...{ top1: result.top1, top5: result.top5, loss: result.loss, n: result.images },
      hits: bitmap(result.hits),
    },
    base: { top1: base.top1, top5: base.top5, loss: base.loss, n: base.images, hits: bitmap(base.hits) },
    rounds: result.rounds,
    recovery: recovered(result.recovery as unknown as PruneResult['recovery']),
    epochs: trained(epochs),
    engine: result.engine,
    sampled: samplingRun && { top1: samplingRun.baselineTop1, loss: samplingRun.baselineLoss },
  };
}

it('one plan gives the same network to the byte and the same numbers, by the command and by a worker', async () => {
  const on = await platform({ samples: SAMPLES, perClass: 250 });
  // What it is called on the platform is not in files.
  await on.database.prisma.model.updateMany({ data: { name: 'Tiny, as pushed' } });
  const worker = await inProcess(on);
  const ids = [];
  for (const each of CASES) ids.push(await started(on, each));
  const runs = await Promise.all(ids.map((id) => untilOver(on, id)));
  await worker.stop();
  expect(runs.map(({ error }) => error)).toEqual(CASES.map(() => null));
  const files = new Set<string>();
  for (const [i, each] of CASES.entries()) {
    const result = await commanded(on, each);
    expect(await stored(on, ids[i] ?? ''), each.name).toEqual(printed(result));
    files.add(result.sha256);
  }
  // On so small a network a few of these plans come to the same widths.
  expect(files.size).toBeGreaterThan(CASES.length / 2);
});
