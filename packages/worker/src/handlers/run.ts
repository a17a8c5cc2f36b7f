import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseRecipe, THROUGHPUT_BATCH } from '@espalier/engines';
import { InputError } from '@espalier/errors';
import type { Target } from '@espalier/pruning';
import {
  type Claim,
  claimRun,
  isOver,
  LostClaim,
  lockedRun,
  type RunJob,
  sendRuns,
  transition,
  writeRun,
} from '@espalier/runs';
import { newId, type Prisma, type Run, registerArtifact, type Transaction } from '@espalier/store';
import type { Quality, RunResult, RunTask } from '../tasks/task.ts';
import { fetchCheckpoint, freeArtifact } from './checkpoint.ts';
import { datasetOf } from './dataset.ts';
import { CancelledRun, GIVEN_UP, StoppingWorker, type WorkerContext } from './handler.ts';
import { Relay } from './relay.ts';
import { readSweep } from './shard.ts';

/** A worker that stops does not wait long for a database that is away: its heartbeat's end is noticed anyway. */
const STOP_PATIENCE_MS = 10_000;

/**
 * All stages of a run after sampling, in a child process; what it tells is written under the claim.
 *
 * @returns what became of it, for people
 */
export async function handleRun(context: WorkerContext, job: RunJob, signal: AbortSignal): Promise<string> {
  const { prisma } = context.database;
  const claim = await claimRun(prisma, job, context.workerId);
  if (!claim) return 'nothing left to do';
  const folder = await mkdtemp(path.join(tmpdir(), 'espalier-run-'));
  const lost = new AbortController();
  const relay = new Relay(context, claim, lost, signal);
  try {
    const task = await taskOf(context, job.runId, folder);
    const result = await context.compute(task, relay, AbortSignal.any([signal, lost.signal]));
    await relay.settled();
    if (result.kind !== 'run') throw new Error('a run task gave another result');
    await finish(context, claim, result, task.out);
    return `finished, top-1 ${(100 * result.after.top1).toFixed(2)} %`;
  } catch (error) {
    await relay.settled().catch(() => {});
    return await conclude(context, claim, signal.aborted ? signal.reason : error);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function taskOf(context: WorkerContext, runId: string, folder: string): Promise<RunTask> {
  const { database, cache, home, engine, threads } = context;
  const run = await database.prisma.run.findUniqueOrThrow({
    where: { id: runId },
    include: { experiment: { include: { model: true, dataset: true } } },
  });
  const { experiment } = run;
  const { model, dataset } = experiment;
  const tested = await database.prisma.baseEvaluation.count({
    where: { modelId: model.id, datasetHash: dataset.hash, split: 'test' },
  });
  return {
    kind: 'run',
    model: await cache.file(model.sha256, '.onnx'),
    ...(await datasetOf(cache, dataset)),
    home,
    engine,
    threads,
    allocation: run.allocation,
    criterion: run.criterion,
    target: { metric: run.metric as Target['metric'], share: run.share },
    seed: run.seed,
    sweep: run.samplingRunId === null ? null : await readSweep(context, run.samplingRunId),
    sampling: { grid: experiment.grid, samples: experiment.samples, seed: experiment.seed },
    recipe: experiment.recipe === null ? null : parseRecipe(experiment.recipe),
    recalibrate: experiment.recalibrate,
    checkpoint: await fetchCheckpoint(context, runId, path.join(folder, 'checkpoint')),
    testBase: tested === 0,
    out: path.join(folder, 'pruned.onnx'),
  };
}

async function finish(
  { database, artifacts, workerId }: WorkerContext,
  claim: Claim,
  result: RunResult,
  file: string,
): Promise<void> {
  const stored = await artifacts.put(createReadStream(file));
  const checkpoint = await writeRun(database.prisma, claim, async (transaction, run) => {
    const kept = await transaction.runCheckpoint.findUnique({ where: { runId: run.id } });
    await transaction.runCheckpoint.deleteMany({ where: { runId: run.id } });
    await registerArtifact(transaction, artifacts, stored, 'application/onnx');
    await transaction.prunedResult.create({
      data: {
        runId: run.id,
        sha256: stored.sha256,
        networkHash: result.networkHash,
        params: result.params,
        macs: result.macs,
        savedParams: result.saved.params,
        savedMacs: result.saved.macs,
        structure: plain(result.structure),
        trace: plain(result.trace),
        prunedTop1: result.pruned.top1,
        prunedLoss: result.pruned.loss,
        top1: result.after.top1,
        top5: result.after.top5,
        loss: result.after.loss,
        images: result.after.n,
        prunedHits: Buffer.from(result.pruned.hits, 'base64'),
        hits: Buffer.from(result.after.hits, 'base64'),
        latencyMs: result.latencyMs,
        baseLatencyMs: result.baseLatencyMs,
        throughput: result.throughput,
        baseThroughput: result.baseThroughput,
        provenance: plain({
          engine: result.engine,
          workerId,
          throughputBatch: THROUGHPUT_BATCH,
          ...(result.rounds ? { rounds: result.rounds } : {}),
        }),
        seconds: plain(result.seconds),
      },
    });
    if (result.base) await keepBase(transaction, run.experimentId, result.base);
    await transition(transaction, run, 'finished', {
      event: { top1: result.after.top1, macs: result.macs },
    });
    return kept?.sha256;
  });
  if (checkpoint !== undefined) await freeArtifact({ database, artifacts }, checkpoint);
}

/** The unpruned network's accuracy: once a network and data set. */
async function keepBase(
  transaction: Prisma.TransactionClient,
  experimentId: string,
  { top1, top5, loss, n: images, hits }: Quality,
): Promise<void> {
  const { modelId, dataset } = await transaction.experiment.findUniqueOrThrow({
    where: { id: experimentId },
    include: { dataset: true },
  });
  const key = { modelId, datasetHash: dataset.hash, split: 'test' };
  await transaction.baseEvaluation.upsert({
    where: { modelId_datasetHash_split: key },
    create: {
      ...{ id: newId('eval'), ...key, top1, top5, loss, images },
      hits: Buffer.from(hits, 'base64'),
    },
    // Another run was faster; it is the same number.
    update: {},
  });
}

/** What becomes of a run whose computing ended early. */
async function conclude(context: WorkerContext, claim: Claim, error: unknown): Promise<string> {
  const { prisma } = context.database;
  if (error instanceof LostClaim) return 'lost to another worker, or over';
  if (error instanceof CancelledRun) {
    await writeRun(prisma, claim, (transaction, run) => transition(transaction, run, 'cancelled')).catch(
      passLost,
    );
    return 'cancelled';
  }
  if (error instanceof InputError) {
    const { message } = error;
    await writeRun(prisma, claim, async (transaction, run) => {
      await transition(transaction, run, 'failed', { data: { error: message }, event: { error: message } });
    }).catch(passLost);
    return `failed: ${message}`;
  }
  if (error instanceof StoppingWorker) {
    const patience = AbortSignal.timeout(STOP_PATIENCE_MS);
    const change = (transaction: Transaction, run: Run) => giveBack(context, transaction, run);
    await writeRun(prisma, claim, change, patience).catch(passLost);
    return 'given back';
  }
  // The queue tries again, here or elsewhere.
  throw error;
}

/** With a job of its own: a worker that stops in order is no failed attempt. */
async function giveBack(
  { queue }: WorkerContext,
  transaction: Prisma.TransactionClient,
  run: Run,
): Promise<void> {
  if (run.state !== 'queued') {
    await transition(transaction, run, 'queued', {
      data: { workerId: null },
      event: { reason: 'the worker stopped' },
    });
  } else await transaction.run.update({ where: { id: run.id }, data: { workerId: null } });
  await sendRuns(transaction, queue, [run]);
}

/** A run whose workers died again and again. */
export async function giveUpRun({ database }: WorkerContext, { runId, ticket }: RunJob): Promise<void> {
  await database.prisma.$transaction(async (transaction) => {
    const run = await lockedRun(transaction, runId);
    if (!run || isOver(run.state) || run.ticket !== ticket) return;
    await transition(transaction, run, 'failed', { data: { error: GIVEN_UP }, event: { error: GIVEN_UP } });
  });
}

function passLost(error: unknown): void {
  if (!(error instanceof LostClaim)) throw error;
}

function plain(value: unknown): Prisma.InputJsonValue {
  return JSON.parse(JSON.stringify(value)) as Prisma.InputJsonValue;
}
