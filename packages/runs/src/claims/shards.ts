import type {
  Prisma,
  PrismaClient,
  SamplingRun,
  SamplingShard,
  SamplingState,
  Transaction,
} from '@espalier/store';
import { transition } from '../life-cycle/transition.ts';
import type { ShardJob } from '../queue/jobs.ts';
import type { Queue } from '../queue/queue.ts';
import { sendRuns, sendShards } from '../queue/send.ts';
import { LostClaim } from './claims.ts';

// A sampling run and its shares: waiting, running, done or failed. They are written here, and reset by a retry
// (schedule/sampling.ts).

/** Hundreds of runs may wait for one sampling. */
const MOST_MS = 60_000;

export type ClaimedShard = SamplingShard & { readonly samplingRun: SamplingRun };

/** Takes a share for a worker; null if nothing is left to do, or another job was sent for it since. */
export async function claimShard(
  prisma: PrismaClient,
  { samplingRunId, index, ticket }: ShardJob,
  workerId: string,
): Promise<ClaimedShard | null> {
  return prisma.$transaction(async (transaction) => {
    const shard = await lockedShard(transaction, { samplingRunId, index });
    if (!shard || shard.state === 'done' || shard.ticket !== ticket) return null;
    if (shard.samplingRun.state === 'failed') return null;
    await moveSampling(transaction, samplingRunId, ['waiting'], { state: 'running' });
    return transaction.samplingShard.update({
      where: { samplingRunId_index: { samplingRunId, index } },
      data: { state: 'running', workerId, claim: shard.claim + 1, done: 0, since: null },
      include: { samplingRun: true },
    });
  });
}

/** Writes that a share is sampled, into this file. @throws {LostClaim} if another worker has it by now */
export async function endShard(transaction: Transaction, claim: ClaimedShard, sha256: string): Promise<void> {
  const { samplingRunId, index } = claim;
  const shard = await lockedShard(transaction, claim);
  if (shard?.claim !== claim.claim) throw new LostClaim('another worker now samples this shard');
  await transaction.samplingShard.update({
    where: { samplingRunId_index: { samplingRunId, index } },
    data: { state: 'done', sha256, finishedAt: new Date(), workerId: null },
  });
}

/** With a separate job: a worker that stops in order is no failed attempt. */
export async function giveBackShard(
  prisma: PrismaClient,
  queue: Queue,
  claim: ClaimedShard,
  teamId: string,
): Promise<void> {
  await prisma.$transaction(async (transaction) => {
    const { samplingRunId, index } = claim;
    const shard = await lockedShard(transaction, claim);
    if (shard?.claim !== claim.claim) return;
    await transaction.samplingShard.update({
      where: { samplingRunId_index: { samplingRunId, index } },
      data: { state: 'waiting', workerId: null },
    });
    await sendShards(transaction, queue, [{ samplingRunId, index, teamId }]);
  });
}

/**
 * Ends a sampling run, once, and sends the runs that waited on their way.
 *
 * @param write what it has found; returns what belongs into its row
 */
export async function endSampling(
  prisma: PrismaClient,
  queue: Queue,
  samplingRunId: string,
  write: (transaction: Transaction) => Promise<Prisma.SamplingRunUpdateInput>,
): Promise<void> {
  await prisma.$transaction(
    async (transaction) => {
      const ends = { state: 'done' as const, finishedAt: new Date() };
      if (!(await moveSampling(transaction, samplingRunId, ['waiting', 'running', 'failed'], ends))) return;
      await transaction.samplingRun.update({ where: { id: samplingRunId }, data: await write(transaction) });
      const waiting = await waitingFor(transaction, samplingRunId);
      for (const run of waiting) {
        await transition(transaction, run, 'queued', { event: { kind: 'sampled', samplingRunId } });
      }
      await sendRuns(transaction, queue, waiting);
    },
    { timeout: MOST_MS },
  );
}

/** Bad input: every run that waits for it fails with the same reason. */
export async function failSampling(prisma: PrismaClient, id: string, error: string): Promise<void> {
  await prisma.$transaction(
    async (transaction) => {
      const failed = { state: 'failed' as const, error };
      if (!(await moveSampling(transaction, id, ['waiting', 'running', 'failed'], failed))) return;
      for (const run of await waitingFor(transaction, id)) {
        await transition(transaction, run, 'failed', { data: { error }, event: { error } });
      }
    },
    { timeout: MOST_MS },
  );
}

/** @returns whether it was in one of these states; it is locked then */
async function moveSampling(
  transaction: Transaction,
  id: string,
  from: SamplingState[],
  data: Prisma.SamplingRunUpdateManyMutationInput,
): Promise<boolean> {
  const { count } = await transaction.samplingRun.updateMany({ where: { id, state: { in: from } }, data });
  return count > 0;
}

/** Nobody changes them until the transaction ends. */
async function waitingFor(transaction: Transaction, samplingRunId: string) {
  await transaction.$queryRaw`
    SELECT 1 FROM "Run" WHERE "samplingRunId" = ${samplingRunId} AND state = 'sampling' ORDER BY id FOR UPDATE`;
  return transaction.run.findMany({ where: { samplingRunId, state: 'sampling' }, orderBy: { id: 'asc' } });
}

async function lockedShard(
  transaction: Transaction,
  { samplingRunId, index }: Pick<SamplingShard, 'samplingRunId' | 'index'>,
): Promise<ClaimedShard | null> {
  await transaction.$queryRaw`SELECT 1 FROM "SamplingShard" WHERE "samplingRunId" = ${samplingRunId} AND "index" = ${index} FOR UPDATE`;
  return transaction.samplingShard.findUnique({
    where: { samplingRunId_index: { samplingRunId, index } },
    include: { samplingRun: true },
  });
}
