import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { DECODING_VERSION } from '@espalier/datasets';
import { findMetric } from '@espalier/engines';
import { InputError } from '@espalier/errors';
import { fileTypeIn, MODEL_EXTENSION } from '@espalier/formats';
import { type PruneResult, qualityOf, type Standing, valueBy } from '@espalier/pipeline';
import {
  type Claim,
  claimRun,
  isOver,
  LostClaim,
  lockedRun,
  planOf,
  type RunJob,
  sendRuns,
  specOf,
  transition,
  writeRun,
  written,
} from '@espalier/runs';
import { newScratch, type Run, registerArtifact, removeFreed, type Transaction } from '@espalier/store';
import type { RunTask } from '../tasks/task.ts';
import type { Turn } from '../turn.ts';
import { keepBase } from './base.ts';
import { dropCheckpoint, fetchCheckpoint } from './checkpoint.ts';
import { datasetOf, derivedFolder, modelOf } from './files.ts';
import { CancelledRun, GIVEN_UP, GivenBack, passLost, type WorkerContext } from './handler.ts';
import { Relay } from './relay.ts';
import { dropRepairs, fetchRepairs } from './repairs.ts';
import { readSweep } from './shard.ts';

/** A worker that stops does not wait long for a database that is away: its heartbeat's end is noticed anyway. */
const STOP_PATIENCE_MS = 10_000;

/**
 * All stages of a run after sampling, in a child process; what it tells is written under the claim.
 *
 * @returns what became of it, for people
 */
export async function handleRun(
  context: WorkerContext,
  job: RunJob,
  signal: AbortSignal,
  turn: Turn,
): Promise<string> {
  const { prisma } = context.database;
  const claim = await claimRun(prisma, job, context.workerId);
  if (!claim) return 'nothing left to do';
  const folder = await newScratch();
  const lost = new AbortController();
  const relay = new Relay(context, claim, lost, signal, turn);
  try {
    const task = await taskOf(context, job.runId, folder);
    const computed = await context.compute(task, relay, AbortSignal.any([signal, lost.signal]));
    await relay.settled();
    if (computed.kind !== 'run') throw new Error('a run task gave another result');
    const { result } = computed;
    const metric = findMetric(task.plan.sampling.metric ?? 'top1');
    await finish(context, claim, result, metric.name, task.out);
    const value = valueBy(metric.name, result.after) ?? Number.NaN;
    const text = metric.unit === 'share' ? `${(100 * value).toFixed(2)} %` : value.toFixed(4);
    return `finished, ${metric.label} ${text}`;
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
    include: { experiment: { include: { model: true, dataset: true, profile: true } } },
  });
  const { experiment } = run;
  const { model, dataset, profile } = experiment;
  const tested = await database.prisma.baseEvaluation.count({
    where: {
      modelId: model.id,
      datasetHash: dataset.hash,
      split: 'test',
      engine,
      decoding: DECODING_VERSION,
    },
  });
  const plan = planOf(experiment, specOf(run), {
    model: await modelOf(cache, model),
    data: await datasetOf(cache, dataset),
    profile: profile && { file: await cache.file(profile.sha256, '.json') },
  });
  return {
    kind: 'run',
    plan: { ...plan, tests: { base: tested === 0, cut: true }, timed: true },
    place: { home, derived: await derivedFolder(cache, model, dataset), engine, threads },
    sweep: run.samplingRunId === null ? null : await readSweep(context, run.samplingRunId),
    checkpoint: await fetchCheckpoint(context, runId, path.join(folder, 'checkpoint')),
    repairs: await fetchRepairs(context, runId, folder),
    out: path.join(folder, `pruned${MODEL_EXTENSION}`),
  };
}

async function finish(
  { database, artifacts, workerId }: WorkerContext,
  claim: Claim,
  result: PruneResult,
  metric: string,
  file: string,
): Promise<void> {
  const stored = await artifacts.put(createReadStream(file));
  const { mediaType } = fileTypeIn(result.file?.format ?? 'ONNX');
  await writeRun(database.prisma, claim, async (transaction, run) => {
    await dropCheckpoint(transaction, run.id);
    await dropRepairs(transaction, run.id, stored.sha256);
    await registerArtifact(transaction, artifacts, stored, mediaType);
    await transaction.prunedResult.create({
      data: { runId: run.id, sha256: stored.sha256, ...resultRow(result, metric, workerId) },
    });
    const { engine, dataset } = result.provenance;
    await keepBase(transaction, run.experimentId, qualityOf(result.before), {
      ...{ engine: engine?.name ?? '', decoding: dataset?.decoding ?? DECODING_VERSION },
    });
    const { top1, macs } = result.after;
    await transition(transaction, run, 'finished', { event: { top1, macs } });
  });
  await removeFreed(database.prisma, artifacts);
}

function resultRow(result: PruneResult, metric: string, workerId: string) {
  const { after, pruned, repaired, achieved, provenance, timing, rounds, recovery } = result;
  const { version, dataset, engine, hardware, node } = provenance;
  const { throughputBatch = null, speedup = null, ...times } = timing ?? {};
  return {
    ...{ networkHash: result.networkHash, params: after.params, macs: after.macs },
    ...{ savedParams: achieved.params, savedMacs: achieved.macs, savedLatency: achieved.latency ?? null },
    ...{ prunedTop1: pruned.top1, prunedLoss: pruned.loss, prunedHits: bitmap(pruned) },
    ...(repaired
      ? { repairedTop1: repaired.top1, repairedLoss: repaired.loss, repairedHits: bitmap(repaired) }
      : {}),
    ...{ top1: after.top1, top5: after.top5, loss: after.loss, images: after.n, hits: bitmap(after) },
    ...{ value: valueBy(metric, after), prunedValue: valueBy(metric, pruned) },
    ...(repaired ? { repairedValue: valueBy(metric, repaired) } : {}),
    ...times,
    ...(speedup
      ? {
          ...{ latencyLow: speedup.latency.low, latencyHigh: speedup.latency.high },
          ...{ throughputLow: speedup.throughput.low, throughputHigh: speedup.throughput.high },
        }
      : {}),
    engine: engine?.name ?? '',
    ...(dataset ? { decoding: dataset.decoding } : {}),
    ...written('PrunedResult', {
      ...{ structure: result.structure, trace: result.search.trace, rounds, recovery },
      ...{ repair: result.repair, latency: result.latency },
      provenance: {
        ...{ engine: engine?.description, threads: engine?.threads, workerId, throughputBatch },
        ...{ version, node, cpu: hardware.cpu, cores: hardware.cores },
      },
      seconds: result.seconds,
    }),
  };
}

function bitmap({ hits }: Standing) {
  return hits === null ? null : Buffer.from(hits, 'base64');
}

/** What happens to a run whose computing ended early. */
async function conclude(context: WorkerContext, claim: Claim, error: unknown): Promise<string> {
  const { prisma } = context.database;
  if (error instanceof LostClaim) return 'lost to another worker, or over';
  // It was written by whoever asked for it.
  if (error instanceof CancelledRun) return 'cancelled';
  if (error instanceof InputError) {
    const { message } = error;
    await writeRun(prisma, claim, async (transaction, run) => {
      await transition(transaction, run, 'failed', { event: { error: message }, data: { error: message } });
    }).catch(passLost);
    return `failed: ${message}`;
  }
  if (error instanceof GivenBack) {
    const { message: reason } = error;
    const patience = AbortSignal.timeout(STOP_PATIENCE_MS);
    const change = (transaction: Transaction, run: Run) => giveBack(context, transaction, run, reason);
    await writeRun(prisma, claim, change, patience).catch(passLost);
    return `given back: ${reason}`;
  }
  // The queue tries again, here or elsewhere.
  throw error;
}

/** With a separate job: a worker that stops in order is no failed attempt. */
async function giveBack(
  { queue }: WorkerContext,
  transaction: Transaction,
  run: Run,
  reason: string,
): Promise<void> {
  await transaction.run.update({ where: { id: run.id }, data: { workerId: null } });
  await transition(transaction, run, 'queued', { event: { reason } });
  await sendRuns(transaction, queue, [run]);
}

/** A run whose workers died again and again. */
export async function giveUpRun({ database }: WorkerContext, { runId, ticket }: RunJob): Promise<void> {
  await database.prisma.$transaction(async (transaction) => {
    const run = await lockedRun(transaction, runId);
    if (!run || isOver(run.state) || run.ticket !== ticket) return;
    await transition(transaction, run, 'failed', { event: { error: GIVEN_UP }, data: { error: GIVEN_UP } });
  });
}
