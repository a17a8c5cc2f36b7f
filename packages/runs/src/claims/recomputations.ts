import type { Prisma, PrismaClient, Recomputation, Transaction } from '@espalier/store';
import type { RecomputeJob } from '../queue/jobs.ts';
import type { Queue } from '../queue/queue.ts';
import { sendRecomputation } from '../queue/send.ts';
import { LostClaim } from './claims.ts';

// A recomputation: waiting, running, done, failed or cancelled. Its states are written here, and where a person asks
// for it and cancels it (schedule/recompute.ts).

const GONE = 'its run is in the trash';

/** With the network that was sent, and what was told of it. */
const withSubject = {
  dataset: true,
  run: { include: { result: true, experiment: { include: { model: true } } } },
} as const satisfies Prisma.RecomputationInclude;

export type ClaimedRecomputation = Prisma.RecomputationGetPayload<{ include: typeof withSubject }>;

/** Takes one for a worker; null if nothing is left to do, or another job was sent for it since. */
export async function claimRecomputation(
  prisma: PrismaClient,
  { recomputationId: id, ticket }: RecomputeJob,
  workerId: string,
): Promise<ClaimedRecomputation | null> {
  return prisma.$transaction(async (transaction) => {
    const row = await locked(transaction, id);
    if (!row || isOver(row) || row.ticket !== ticket) return null;
    const { run } = await transaction.recomputation.findUniqueOrThrow({
      where: { id },
      include: { run: true },
    });
    if (run.deletedAt) {
      await transaction.recomputation.update({ where: { id }, data: failedWith(GONE) });
      return null;
    }
    return transaction.recomputation.update({
      where: { id },
      data: { state: 'running', workerId, claim: row.claim + 1, done: 0 },
      include: withSubject,
    });
  });
}

/** What a worker has found. */
type Found = Required<
  Pick<
    Prisma.RecomputationUpdateInput,
    'top1' | 'top5' | 'loss' | 'value' | 'told' | 'standardError' | 'decoding' | 'notes' | 'seconds'
  >
>;

/**
 * Writes what was found, once: it is beside what was told of the run from now on.
 *
 * @throws {LostClaim} if another worker has it by now, or it is over
 */
export async function endRecomputation(
  transaction: Transaction,
  claim: Pick<Recomputation, 'id' | 'claim' | 'images'>,
  found: Found,
): Promise<void> {
  const { id, runId } = await lockedClaim(transaction, claim);
  const over = { state: 'done', workerId: null, finishedAt: new Date() } as const;
  await transaction.recomputation.update({ where: { id }, data: { ...found, ...over, done: claim.images } });
  await transaction.prunedResult.update({
    where: { runId },
    data: { evidence: 'recomputed', recomputationId: id },
  });
}

/** With a separate job: a worker that stops in order is no failed attempt. */
export async function giveBackRecomputation(
  prisma: PrismaClient,
  queue: Queue,
  claim: Pick<Recomputation, 'id' | 'claim'>,
): Promise<void> {
  await prisma.$transaction(async (transaction) => {
    const { id } = await lockedClaim(transaction, claim);
    await transaction.recomputation.update({ where: { id }, data: { state: 'waiting', workerId: null } });
    await sendRecomputation(transaction, queue, { id });
  });
}

/** Bad input: trying again would not help. What an earlier one has found stays. */
export async function failRecomputation(
  prisma: PrismaClient,
  claim: Pick<Recomputation, 'id' | 'claim'>,
  error: string,
): Promise<void> {
  await prisma.$transaction(async (transaction) => {
    const { id } = await lockedClaim(transaction, claim);
    await transaction.recomputation.update({ where: { id }, data: failedWith(error) });
  });
}

/** One whose workers died again and again. */
export async function giveUpRecomputation(
  prisma: PrismaClient,
  { recomputationId: id, ticket }: RecomputeJob,
  error: string,
): Promise<void> {
  await prisma.$transaction(async (transaction) => {
    const row = await locked(transaction, id);
    if (!row || isOver(row) || row.ticket !== ticket) return;
    await transaction.recomputation.update({ where: { id }, data: failedWith(error) });
  });
}

function isOver({ state }: Pick<Recomputation, 'state'>): boolean {
  return state === 'done' || state === 'failed' || state === 'cancelled';
}

function failedWith(error: string) {
  return { state: 'failed', error, workerId: null, finishedAt: new Date() } as const;
}

/** Nobody else changes it until the transaction ends. */
async function locked(transaction: Transaction, id: string): Promise<Recomputation | null> {
  await transaction.$queryRaw`SELECT 1 FROM "Recomputation" WHERE id = ${id} FOR UPDATE`;
  return transaction.recomputation.findUnique({ where: { id } });
}

async function lockedClaim(
  transaction: Transaction,
  { id, claim }: Pick<Recomputation, 'id' | 'claim'>,
): Promise<Recomputation> {
  const row = await locked(transaction, id);
  if (row?.claim === claim && !isOver(row)) return row;
  throw new LostClaim('another worker now evaluates this network, or it has ended');
}
