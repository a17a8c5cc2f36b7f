import type { PrismaClient, Run, RunState, Transaction } from '@espalier/store';
import { appendEvent } from '../life-cycle/events.ts';
import { isOver, mayFollow } from '../life-cycle/life-cycle.ts';
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
    if (run.cancelAsked || run.deletedAt) {
      // Its worker died before it could.
      await moveRun(transaction, run, 'cancelled');
      return null;
    }
    const number = run.claim + 1;
    await transaction.run.update({
      where: { id: runId },
      data: { workerId, claim: number, state: 'queued', startedAt: run.startedAt ?? new Date() },
    });
    await appendEvent(transaction, runId, 'claimed', { workerId, claim: number });
    return { id: runId, number };
  });
}

/**
 * Changes a run under its claim, all in one transaction; waits for a database that is away, until the signal.
 *
 * @throws {LostClaim} if another worker has it by now, or it is over
 */
export async function writeRun<T>(
  prisma: PrismaClient,
  claim: Claim,
  write: (transaction: Transaction, run: Run) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  return patiently(
    () =>
      prisma.$transaction(async (transaction) => {
        const run = await lockedRun(transaction, claim.id);
        if (run?.claim !== claim.number || isOver(run.state)) {
          throw new LostClaim(`run ${claim.id} belongs to another worker, or is over`);
        }
        return write(transaction, run);
      }),
    signal,
  );
}

/** Moves a run on and says so. */
export async function moveRun(
  transaction: Transaction,
  run: Pick<Run, 'id' | 'state'>,
  state: RunState,
  data: Parameters<typeof appendEvent>[3] = {},
): Promise<void> {
  // Written already, by a transaction whose commit was not answered.
  if (run.state === state) return;
  if (!mayFollow(run.state, state)) throw new Error(`a run that is ${run.state} cannot become ${state}`);
  await transaction.run.update({
    where: { id: run.id },
    data: {
      state,
      done: 0,
      total: 0,
      since: null,
      sinceDone: 0,
      ...(isOver(state) ? { finishedAt: new Date(), workerId: null } : {}),
    },
  });
  await appendEvent(transaction, run.id, 'state', { state, ...data });
}

/** Nobody else changes it until the transaction ends. */
export async function lockedRun(transaction: Transaction, id: string): Promise<Run | null> {
  await transaction.$queryRaw`SELECT 1 FROM "Run" WHERE id = ${id} FOR UPDATE`;
  return transaction.run.findUnique({ where: { id } });
}
