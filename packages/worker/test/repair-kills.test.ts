import { Readable } from 'node:stream';
import type { RunSpec } from '@espalier/runs';
import { expect, it } from 'vitest';
import { brokenInvariants } from '../../runs/test/invariants.ts';
import { type Platform, platform } from '../../runs/test/platform.ts';
import { stopAt } from './breakpoint.ts';
import { lastStory, outcome } from './outcome.ts';
import {
  exitOf,
  inProcess,
  leaving,
  outOfProcess,
  start,
  stateOf,
  timePasses,
  untilOver,
} from './processes.ts';

// Each worker of its own process has an empty home: what it goes on from is what was kept elsewhere.

const TRAINING = { steps: 12, batch: 16, learningRate: 0.01 };
const SETTINGS = { samples: 20, perClass: 30, repair: 60, recipe: TRAINING };
const target = { metric: 'macs', share: 0.4 };
const AT_ONCE: RunSpec = { allocation: 'uniform', criterion: 'l1', target, seed: 3 };
const IN_ROUNDS: RunSpec = { ...AT_ONCE, allocation: 'cie', rounds: 2, recovery: TRAINING };
const FOUR_WORKERS_MS = 300_000;

/** Of one repair: in the middle of it, when it is about to be safe; and when it is, before anything follows. */
const IN_THE_REPAIR = ['INSERT ON "RunRepair"', 'true'] as const;
// A worker that takes the run over leaves the state, too.
const BEHIND_IT = ['UPDATE ON "Run"', `${leaving('repairing')} AND NEW.state <> 'queued'`] as const;

it(
  'workers killed in the repair, and between it and the training, are replaced, and the end is that of a quiet run',
  async () => {
    const expected = await quiet(AT_ONCE);
    const on = await platform(SETTINGS);
    const runId = await started(on, AT_ONCE);
    await killedAt(on, runId, IN_THE_REPAIR);
    expect(await repairs(on)).toEqual([]);
    await killedAt(on, runId, BEHIND_IT);
    const [kept] = await repairs(on);
    expect(await on.artifacts.size(kept?.sha256 ?? '')).toBeGreaterThan(0);
    await killedAt(on, runId, ['INSERT ON "EpochMetric"', 'true']);
    expect(await repairs(on)).toEqual([kept]);
    const hasCheckpoint = (await on.database.prisma.runCheckpoint.count()) > 0;
    await ended(on, runId);
    expect(await outcome(on, runId)).toEqual(expected);
    expect(await lastStory(on, runId)).toEqual([
      ...['searching', 'cutting', 'repairing', ...(hasCheckpoint ? [] : ['evaluating']), 'finetuning'],
      ...['evaluating', 'measuring', 'exporting', 'finished'],
    ]);
    expect(await timesRepaired(on)).toBe(1);
    expect(await brokenInvariants(on.database.prisma, on.artifacts)).toEqual([]);
    // What is over keeps the repaired network beside the trained one; and there is the model's file.
    expect(await repairs(on)).toEqual([kept]);
    expect(await on.database.prisma.artifact.count()).toBe(3);
  },
  FOUR_WORKERS_MS,
);

it(
  'workers killed in the repair of each round, and before the next one, are replaced, and the end is that of a quiet run',
  async () => {
    const expected = await quiet(IN_ROUNDS);
    const on = await platform(SETTINGS);
    const runId = await started(on, IN_ROUNDS);
    await killedAt(on, runId, IN_THE_REPAIR);
    await killedAt(on, runId, BEHIND_IT);
    const [first] = await repairs(on);
    // The first round's is there by now: the next one that is kept is the second's.
    await killedAt(on, runId, IN_THE_REPAIR);
    expect(await repairs(on)).toEqual([first]);
    await ended(on, runId);
    expect(await outcome(on, runId)).toEqual(expected);
    expect(await timesRepaired(on)).toBe(2);
    // That of the last round alone.
    const left = await repairs(on);
    expect(left).toHaveLength(1);
    expect(left).not.toEqual([first]);
  },
  FOUR_WORKERS_MS,
);

it(
  'a retry goes on from the bytes that were kept, whatever it would have come to itself; damaged ones are none',
  async () => {
    const on = await platform({ ...SETTINGS, recipe: null });
    const { prisma } = on.database;
    const runId = await started(on, AT_ONCE);
    await killedAt(on, runId, BEHIND_IT);
    // Told apart from all that a repair could make: the network as it was given.
    const model = await prisma.model.findFirstOrThrow();
    await prisma.runRepair.updateMany({ data: { sha256: model.sha256 } });
    await ended(on, runId);
    const { result } = await prisma.run.findUniqueOrThrow({
      where: { id: runId },
      include: { result: true },
    });
    expect(result).toMatchObject({ networkHash: model.networkHash, params: model.params });
    expect(result?.repair).toMatchObject({ images: SETTINGS.repair });
    expect(result?.repairedTop1).toBe(result?.top1);

    const other = await started(on, AT_ONCE);
    await killedAt(on, other, BEHIND_IT);
    const { sha256, bytes } = await on.artifacts.put(Readable.from(['no network']));
    await prisma.artifact.create({ data: { sha256, bytes, mediaType: 'application/onnx' } });
    await prisma.runRepair.updateMany({ data: { sha256 } });
    await ended(on, other);
    const anew = await prisma.prunedResult.findUniqueOrThrow({ where: { runId: other } });
    expect(anew.params).toBeLessThan(model.params);
  },
  FOUR_WORKERS_MS,
);

it('a run that is trained tells before it what it begins with', async () => {
  const on = await platform(SETTINGS);
  const { prisma } = on.database;
  const runId = await started(on, AT_ONCE);
  const point = await stopAt(on.url, 'INSERT ON "EpochMetric"', 'true');
  const worker = await inProcess(on);
  await point.reached();
  const { prunedTop1, repairedTop1 } = await prisma.run.findUniqueOrThrow({ where: { id: runId } });
  const base = await prisma.baseEvaluation.findMany();
  expect(base).toEqual([expect.objectContaining({ engine: 'onnxruntime', top1: expect.any(Number) })]);
  await point.release();
  expect(await untilOver(on, runId)).toMatchObject({ state: 'finished', error: null });
  await worker.stop();
  const result = await prisma.prunedResult.findUniqueOrThrow({ where: { runId } });
  expect(result).toMatchObject({ prunedTop1, repairedTop1 });
  expect(await prisma.baseEvaluation.findMany()).toEqual(base);
  expect(repairedTop1).toEqual(expect.any(Number));
});

async function started(on: Platform, spec: RunSpec): Promise<string> {
  const [run] = await start(on, [spec]);
  return run?.id ?? '';
}

/** A worker takes the run, and is killed in the middle of a change. */
async function killedAt(
  on: Platform,
  runId: string,
  [change, condition]: readonly [change: string, condition: string],
): Promise<void> {
  const point = await stopAt(on.url, change, condition);
  const victim = outOfProcess(on);
  await point.reached();
  expect(await stateOf(on, runId)).toBe(change.includes('Epoch') ? 'finetuning' : 'repairing');
  victim.kill('SIGKILL');
  await exitOf(victim);
  await point.release();
  await timePasses(on);
}

async function ended(on: Platform, runId: string): Promise<void> {
  const heir = await inProcess(on);
  expect(await untilOver(on, runId)).toMatchObject({ state: 'finished', error: null });
  await heir.stop();
}

/** What comes of it where nobody dies. */
async function quiet(spec: RunSpec) {
  const on = await platform(SETTINGS);
  const runId = await started(on, spec);
  await ended(on, runId);
  const found = await outcome(on, runId);
  expect(found.result.repair).toMatchObject({ images: SETTINGS.repair, layers: expect.any(Array) });
  expect(found.result.repairedTop1).toEqual(expect.any(Number));
  return found;
}

function repairs({ database: { prisma } }: Platform) {
  return prisma.runRepair.findMany({ select: { key: true, sha256: true }, orderBy: { createdAt: 'asc' } });
}

function timesRepaired({ database: { prisma } }: Platform) {
  return prisma.runEvent.count({ where: { kind: 'repaired' } });
}
