import { randomUUID } from 'node:crypto';
import type { PrismaClient, Run, Transaction } from '@espalier/store';
import { isOver } from '../life-cycle/life-cycle.ts';
import { transition } from '../life-cycle/transition.ts';
import type { RunJob } from '../queue/jobs.ts';
import { patiently } from './patience.ts';

/** The right to write of one worker about one piece of work, until another one claims it. */
export interface Claim {
  readonly id: string;
  readonly number: number;
}

/** A claim that another worker has taken over: whatever was computed is thrown away. */
export class LostClaim extends Error {
  override name = 'LostClaim';
}

/**
 * Takes a run for a worker, from a dead one if need be; null if there is nothing left to do, or another job was
 * sent for it since.
 */
export async function claimRun(
  prisma: PrismaClient,
  { runId, ticket }: Pick<RunJob, 'runId' | 'ticket'>,
  workerId: string,
): Promise<Claim | null> {
  return prisma.$transaction(async (transaction) => {
    const run = await lockedRun(transaction, runId);
    if (!run || isOver(run.state) || run.ticket !== ticket) return null;
    // Asked for before a cancel was written at once.
    if (run.cancelAsked || run.deletedAt) {
      await transition(transaction, run, 'cancelled');
      return null;
    }
    const number = run.claim + 1;
    await transition(transaction, run, 'queued', {
      data: { workerId, claim: number, startedAt: run.startedAt ?? new Date() },
      event: { kind: 'claimed', workerId, claim: number },
    });
    return { id: runId, number };
  });
}

/**
 * Changes a run under its claim, all in one transaction, once; waits for a database that is away, until the signal.
 * Whether a commit was carried out whose answer was lost, the run itself says: it holds the name of its last write.
 *
 * @throws {LostClaim} if another worker has it by now, or it is over
 */
export async function writeRun<T>(
  prisma: PrismaClient,
  claim: Claim,
  write: (transaction: Transaction, run: Run) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const name = randomUUID();
  let sent: { readonly value: T } | undefined;
  return patiently(
    () =>
      prisma.$transaction(async (transaction) => {
        const run = await lockedRun(transaction, claim.id);
        if (sent && run?.lastWrite === name) return sent.value;
        if (run?.claim !== claim.number || isOver(run.state)) {
          throw new LostClaim(`run ${claim.id} belongs to another worker, or has ended`);
        }
        const value = await write(transaction, run);
        await transaction.run.updateMany({ where: { id: run.id }, data: { lastWrite: name } });
        sent = { value };
        return value;
      }),
    signal,
  );
}

/** Nobody else changes it until the transaction ends. */
export async function lockedRun(transaction: Transaction, id: string): Promise<Run | null> {
  await transaction.$queryRaw`SELECT 1 FROM "Run" WHERE id = ${id} FOR UPDATE`;
  return transaction.run.findUnique({ where: { id } });
}
