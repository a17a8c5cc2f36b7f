import { Readable } from 'node:stream';
import { json } from 'node:stream/consumers';
import { InputError } from '@espalier/errors';
import { parsePlan } from '@espalier/pipeline';
import {
  importance,
  mergeShards,
  type SamplingRun,
  type SweepShard,
  sweepShardSchema,
} from '@espalier/pruning';
import {
  announceProgress,
  LostClaim,
  NOTHING_TOLD,
  type Progress,
  patiently,
  type ShardJob,
  sendRuns,
  sendShards,
  told,
  transition,
} from '@espalier/runs';
import {
  type PrismaClient,
  registerArtifact,
  type SamplingRun as SamplingRow,
  type SamplingShard,
  type Transaction,
} from '@espalier/store';
import { datasetOf } from './dataset.ts';
import { GIVEN_UP, StoppingWorker, type WorkerContext } from './handler.ts';

/**
 * Samples one share; whoever ends the last one puts the sampling run together.
 *
 * @returns what became of it, for people
 */
export async function handleShard(
  context: WorkerContext,
  job: ShardJob,
  signal: AbortSignal,
): Promise<string> {
  const claim = await claimShard(context, job);
  if (claim) {
    try {
      await sampleClaimed(context, claim, signal);
    } catch (error) {
      if (error instanceof LostClaim) return 'lost to another worker';
      if (error instanceof InputError) {
        await failSampling(context, job.samplingRunId, error.message);
        return `failed: ${error.message}`;
      }
      if (error instanceof StoppingWorker) {
        await giveBack(context, job, claim);
        return 'given back';
      }
      throw error;
    }
  }
  // Also where the shard was done before: its worker may have died right after it.
  await patiently(() => finishSampling(context, job.samplingRunId), signal);
  return claim ? `share ${claim.index + 1} of ${claim.count} is sampled` : 'nothing left to do';
}

/** With a job of its own: a worker that stops in order is no failed attempt. */
async function giveBack(
  { database, queue }: WorkerContext,
  { teamId }: ShardJob,
  claim: ClaimedShard,
): Promise<void> {
  await database.prisma.$transaction(async (transaction) => {
    const { samplingRunId, index } = claim;
    const shard = await lockedShard(transaction, samplingRunId, index);
    if (shard?.claim !== claim.claim) return;
    await transaction.samplingShard.update({
      where: { samplingRunId_index: { samplingRunId, index } },
      data: { state: 'waiting', workerId: null },
    });
    await sendShards(transaction, queue, [{ samplingRunId, index, teamId }]);
  });
}

/** A share whose workers died again and again. */
export async function giveUpShard(
  context: WorkerContext,
  { samplingRunId, index, ticket }: ShardJob,
): Promise<void> {
  const at = { samplingRunId, index };
  const shard = await context.database.prisma.samplingShard.findUnique({
    where: { samplingRunId_index: at },
  });
  if (shard?.ticket === ticket) await failSampling(context, samplingRunId, GIVEN_UP);
}

type ClaimedShard = SamplingShard & { readonly samplingRun: SamplingRow };

/** null where nothing is left to do. */
async function claimShard(
  { database, workerId }: WorkerContext,
  { samplingRunId, index, ticket }: ShardJob,
): Promise<ClaimedShard | null> {
  return database.prisma.$transaction(async (transaction) => {
    const shard = await lockedShard(transaction, samplingRunId, index);
    if (!shard || shard.state === 'done' || shard.ticket !== ticket) return null;
    if (shard.samplingRun.state === 'failed') return null;
    if (shard.samplingRun.state === 'waiting') {
      await transaction.samplingRun.update({ where: { id: samplingRunId }, data: { state: 'running' } });
    }
    return transaction.samplingShard.update({
      where: { samplingRunId_index: { samplingRunId, index } },
      data: { state: 'running', workerId, claim: shard.claim + 1, done: 0, since: null },
      include: { samplingRun: true },
    });
  });
}

async function lockedShard(
  transaction: Transaction,
  samplingRunId: string,
  index: number,
): Promise<ClaimedShard | null> {
  await transaction.$queryRaw`SELECT 1 FROM "SamplingShard" WHERE "samplingRunId" = ${samplingRunId} AND "index" = ${index} FOR UPDATE`;
  return transaction.samplingShard.findUnique({
    where: { samplingRunId_index: { samplingRunId, index } },
    include: { samplingRun: true },
  });
}

async function sampleClaimed(
  context: WorkerContext,
  claim: ClaimedShard,
  signal: AbortSignal,
): Promise<void> {
  const { database, artifacts, cache, home, engine, threads } = context;
  const { samplingRun } = claim;
  const { criterion, grid, samples, seed, allowInexact } = samplingRun;
  const [model, dataset] = await Promise.all([
    database.prisma.model.findUniqueOrThrow({ where: { id: samplingRun.modelId } }),
    database.prisma.dataset.findUniqueOrThrow({ where: { id: samplingRun.datasetId } }),
  ]);
  let now = NOTHING_TOLD;
  const at = { samplingRunId_index: { samplingRunId: claim.samplingRunId, index: claim.index } };
  const result = await context.compute(
    {
      kind: 'shard',
      plan: parsePlan({
        model: { file: await cache.file(model.sha256, '.onnx'), preprocessing: null },
        data: await datasetOf(cache, dataset),
        // Whatever goes by it; its target is not what is sampled.
        ...{ allocation: 'cie', criterion, target: null, seed },
        sampling: { grid, samples, seed, allowInexact },
      }),
      place: { home, engine, threads },
      share: { index: claim.index + 1, of: claim.count },
    },
    {
      progress: ({ done, total }) => {
        // Only told, never relied on.
        now = told(now, done, total, new Date());
        void tellProgress(database.prisma, claim, now).catch(() => {});
      },
    },
    signal,
  );
  if (result.kind !== 'shard') throw new Error('a shard task gave another result');
  const stored = await artifacts.put(Readable.from([Buffer.from(JSON.stringify(result.shard))]));
  const write = async (transaction: Transaction) => {
    const shard = await lockedShard(transaction, claim.samplingRunId, claim.index);
    if (shard?.claim !== claim.claim) throw new LostClaim('another worker samples this share by now');
    await registerArtifact(transaction, artifacts, stored, 'application/json');
    await transaction.samplingShard.update({
      where: at,
      data: { state: 'done', sha256: stored.sha256, finishedAt: new Date(), workerId: null },
    });
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
  await database.prisma.$transaction(
    async (transaction) => {
      await transaction.$queryRaw`SELECT 1 FROM "SamplingRun" WHERE id = ${samplingRunId} FOR UPDATE`;
      const current = await transaction.samplingRun.findUniqueOrThrow({ where: { id: samplingRunId } });
      if (current.state === 'done') return;
      await writeSampling(transaction, samplingRunId, run);
      const waiting = await transaction.run.findMany({ where: { samplingRunId, state: 'sampling' } });
      for (const run of waiting) {
        await transition(transaction, run, 'queued', { kind: 'sampled', event: { samplingRunId } });
      }
      await sendRuns(transaction, queue, waiting);
    },
    { timeout: 60_000 },
  );
}

async function writeSampling(
  transaction: Transaction,
  samplingRunId: string,
  run: SamplingRun,
): Promise<void> {
  await transaction.samplePoint.createMany({
    data: run.accuracy.flatMap((row, groupIndex) =>
      row.map((top1, ratioIndex) => ({
        samplingRunId,
        groupIndex,
        ratioIndex,
        removed: run.removed[groupIndex]?.[ratioIndex] ?? 0,
        top1,
        top5: run.top5?.[groupIndex]?.[ratioIndex] ?? null,
        loss: run.loss[groupIndex]?.[ratioIndex] ?? 0,
        images: run.samples,
        standardError: run.standardError[groupIndex]?.[ratioIndex] ?? 0,
        inferred: run.origin[groupIndex]?.[ratioIndex] === 'inferred',
      })),
    ),
  });
  await transaction.contributionMatrix.create({
    data: {
      samplingRunId,
      drop: run.drop.flat(),
      monotoneDrop: run.monotoneDrop.flat(),
      contribution: run.contribution.flat(),
      importance: importance(run.monotoneDrop),
    },
  });
  await transaction.samplingRun.update({
    where: { id: samplingRunId },
    data: {
      state: 'done',
      groups: run.groups.map((group) => ({ ...group })),
      baselineTop1: run.baseline.top1,
      baselineLoss: run.baseline.loss,
      engine: run.engine,
      finishedAt: new Date(),
    },
  });
}

/** Bad input: every run that waits for it fails with the same reason. */
async function failSampling({ database }: WorkerContext, id: string, error: string): Promise<void> {
  await database.prisma.$transaction(async (transaction) => {
    const { count } = await transaction.samplingRun.updateMany({
      where: { id, state: { not: 'done' } },
      data: { state: 'failed', error },
    });
    if (count === 0) return;
    const waiting = await transaction.run.findMany({ where: { samplingRunId: id, state: 'sampling' } });
    for (const run of waiting) {
      await transition(transaction, run, 'failed', { event: { error }, data: { error } });
    }
  });
}

/** The sweep as the search wants it, put together again from its shares. */
export async function readSweep(
  { database, artifacts }: Pick<WorkerContext, 'database' | 'artifacts'>,
  samplingRunId: string,
): Promise<SamplingRun> {
  const shards = await database.prisma.samplingShard.findMany({ where: { samplingRunId } });
  const read: SweepShard[] = [];
  // One by one: there may be more than a process may have files open.
  for (const { sha256 } of shards) {
    const bytes = sha256 === null ? null : await artifacts.get(sha256);
    if (!bytes) throw new Error(`a share of sampling run ${samplingRunId} is missing from the store`);
    read.push(sweepShardSchema.parse(await json(bytes)));
  }
  return mergeShards(read);
}
