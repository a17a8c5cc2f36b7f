import { Readable } from 'node:stream';
import { json } from 'node:stream/consumers';
import { InputError, readBy } from '@espalier/errors';
import { parsePlan } from '@espalier/pipeline';
import {
  importance,
  mergeShards,
  type SamplingRun,
  type SweepShard,
  sweepShardSchema,
  valuesOf,
} from '@espalier/pruning';
import {
  announceProgress,
  type ClaimedShard,
  claimShard,
  endSampling,
  endShard,
  failSampling,
  giveBackShard,
  judgedBy,
  LostClaim,
  NOTHING_TOLD,
  type Progress,
  patiently,
  type SampledCell,
  type ShardJob,
  told,
  writeMatrices,
  written,
} from '@espalier/runs';
import { type Prisma, type PrismaClient, registerArtifact, type Transaction } from '@espalier/store';
import type { Turn } from '../turn.ts';
import { datasetOf, derivedFolder, modelOf } from './files.ts';
import { GIVEN_UP, GivenBack, givingWay, type WorkerContext } from './handler.ts';

/**
 * Samples one share; whoever ends the last one puts the sampling run together.
 *
 * @returns what became of it, for people
 */
export async function handleShard(
  context: WorkerContext,
  job: ShardJob,
  signal: AbortSignal,
  turn: Turn,
): Promise<string> {
  const { prisma } = context.database;
  const claim = await claimShard(prisma, job, context.workerId);
  try {
    if (claim) await sampleClaimed(context, claim, signal, turn);
    // Also where the shard was done before: its worker may have died right after it.
    await patiently(() => finishSampling(context, job.samplingRunId), signal);
  } catch (error) {
    if (error instanceof LostClaim) return 'lost to another worker';
    if (error instanceof InputError) {
      await failSampling(prisma, job.samplingRunId, error.message);
      return `failed: ${error.message}`;
    }
    if (claim && error instanceof GivenBack) {
      await giveBackShard(prisma, context.queue, claim, job.teamId);
      return `given back: ${error.message}`;
    }
    throw error;
  }
  return claim ? `shard ${claim.index + 1} of ${claim.count} is sampled` : 'nothing left to do';
}

/** A share whose workers died again and again. */
export async function giveUpShard(
  context: WorkerContext,
  { samplingRunId, index, ticket }: ShardJob,
): Promise<void> {
  const { prisma } = context.database;
  const shard = await prisma.samplingShard.findUnique({
    where: { samplingRunId_index: { samplingRunId, index } },
  });
  if (shard?.ticket === ticket) await failSampling(prisma, samplingRunId, GIVEN_UP);
}

async function sampleClaimed(
  context: WorkerContext,
  claim: ClaimedShard,
  signal: AbortSignal,
  turn: Turn,
): Promise<void> {
  const { database, artifacts, cache, home, engine, threads } = context;
  const { samplingRun } = claim;
  const { criterion, grid, samples, seed, allowInexact } = samplingRun;
  const judged = judgedBy(samplingRun);
  const [model, dataset] = await Promise.all([
    database.prisma.model.findUniqueOrThrow({ where: { id: samplingRun.modelId } }),
    database.prisma.dataset.findUniqueOrThrow({ where: { id: samplingRun.datasetId } }),
  ]);
  let now = NOTHING_TOLD;
  const way = new AbortController();
  const result = await context.compute(
    {
      kind: 'shard',
      plan: parsePlan({
        model: await modelOf(cache, model),
        data: await datasetOf(cache, dataset),
        // Whatever uses it; its target is not what is sampled.
        ...{ allocation: 'cie', criterion, target: null, seed },
        sampling: { grid, samples, seed, allowInexact, ...judged },
      }),
      place: { home, derived: await derivedFolder(cache, model, dataset), engine, threads },
      share: { index: claim.index + 1, of: claim.count },
    },
    {
      progress: ({ done, total }) => {
        // Only told, never relied on.
        now = told(now, done, total, new Date());
        void tellProgress(database.prisma, claim, now).catch(() => {});
        // What was sampled lies on this machine: it goes on from there.
        if (turn.isOver() && now.done > now.from) way.abort(givingWay());
      },
    },
    AbortSignal.any([signal, way.signal]),
  );
  if (result.kind !== 'shard') throw new Error('a shard task gave another result');
  const stored = await artifacts.put(Readable.from([Buffer.from(JSON.stringify(result.shard))]));
  const write = async (transaction: Transaction) => {
    await registerArtifact(transaction, artifacts, stored, 'application/json');
    await endShard(transaction, claim, stored.sha256);
  };
  await patiently(() => database.prisma.$transaction(write), signal);
}

async function tellProgress(
  prisma: PrismaClient,
  { samplingRunId, index, claim }: ClaimedShard,
  { done, total, since, from, at }: Progress,
): Promise<void> {
  await prisma.samplingShard.updateMany({
    where: { samplingRunId, index, claim },
    data: { done, total, since, sinceDone: from, toldAt: at },
  });
  await announceProgress(prisma, samplingRunId);
}

/** Joins the shares once all are there, and sends the runs that waited on their way. Any number of times. */
async function finishSampling(context: WorkerContext, samplingRunId: string): Promise<void> {
  const { database, queue } = context;
  const row = await database.prisma.samplingRun.findUnique({ where: { id: samplingRunId } });
  if (!row || row.state === 'done' || row.state === 'failed') return;
  const open = await database.prisma.samplingShard.findFirst({
    where: { samplingRunId, state: { not: 'done' } },
    // Shares are taken in order: an open one is found soonest from behind.
    orderBy: { index: 'desc' },
    select: { index: true },
  });
  if (open) return;
  const run = await readSweep(context, samplingRunId);
  await endSampling(database.prisma, queue, samplingRunId, (transaction) =>
    writeSampling(transaction, samplingRunId, run),
  );
}

async function writeSampling(
  transaction: Transaction,
  samplingRunId: string,
  run: SamplingRun,
): Promise<Prisma.SamplingRunUpdateInput> {
  const { accuracy, top5, loss, baseline } = run;
  const values = valuesOf(run);
  const cells = values.cells.flatMap((row, groupIndex) =>
    row.map(
      (value, ratioIndex): SampledCell => ({
        groupIndex,
        ratioIndex,
        removed: run.removed[groupIndex]?.[ratioIndex] ?? 0,
        value,
        top1: accuracy?.[groupIndex]?.[ratioIndex] ?? null,
        top5: top5?.[groupIndex]?.[ratioIndex] ?? null,
        loss: loss?.[groupIndex]?.[ratioIndex] ?? null,
        images: run.samples,
        standardError: run.standardError[groupIndex]?.[ratioIndex] ?? 0,
        inferred: run.origin[groupIndex]?.[ratioIndex] === 'inferred',
      }),
    ),
  );
  await writeMatrices(transaction, samplingRunId, cells, {
    ...run,
    importance: importance(run.monotoneDrop),
  });
  return {
    ...written('SamplingRun', { groups: run.groups, order: null, externalMetric: null, source: null }),
    baselineTop1: baseline.top1,
    baselineLoss: baseline.loss,
    baselineValue: values.baseline,
    engine: run.engine,
  };
}

/**
 * The sweep as the search wants it, put together again from its shares.
 *
 * @throws {InputError} for shares that are not in the store, or do not go together: to sample again helps
 */
export async function readSweep(
  { database: { prisma }, artifacts }: Pick<WorkerContext, 'database' | 'artifacts'>,
  samplingRunId: string,
): Promise<SamplingRun> {
  const shards = await prisma.samplingShard.findMany({ where: { samplingRunId } });
  try {
    const read: SweepShard[] = [];
    // One by one: there may be more than a process may have files open.
    for (const { sha256, index, count } of shards) {
      const name = `shard ${index + 1} of ${count} of the sampling`;
      const bytes = sha256 === null ? null : await artifacts.get(sha256);
      if (!bytes)
        throw new InputError(`${name} is missing from the store: retry the run, which samples again`);
      read.push(readBy(sweepShardSchema, await json(bytes), name));
    }
    return mergeShards(read);
  } catch (error) {
    // Nobody uses it any more.
    if (error instanceof InputError) {
      await prisma.samplingRun.updateMany({
        where: { id: samplingRunId, state: 'done' },
        data: { state: 'failed', error: error.message },
      });
    }
    throw error;
  }
}
