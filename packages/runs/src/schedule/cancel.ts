import type { Transaction } from '@espalier/store';
import { lockedRun } from '../claims/claims.ts';
import { appendEvent, CANCEL_CHANNEL } from '../life-cycle/events.ts';
import { isOver } from '../life-cycle/life-cycle.ts';
import { transition } from '../life-cycle/transition.ts';

/**
 * Asks for runs to end: those that wait are cancelled at once, those at work are killed by their workers.
 *
 * @returns the ids of those that were not over already
 */
export async function cancelRuns(transaction: Transaction, runIds: readonly string[]): Promise<string[]> {
  const cancelled: string[] = [];
  // In one order everywhere: rows are locked one after the other.
  for (const id of [...new Set(runIds)].sort()) {
    if (await cancelOne(transaction, id)) cancelled.push(id);
  }
  return cancelled;
}

/** @returns false if it is over already */
async function cancelOne(transaction: Transaction, runId: string): Promise<boolean> {
  const run = await lockedRun(transaction, runId);
  if (!run || isOver(run.state)) return false;
  // Nobody has it.
  const waits = run.workerId === null;
  if (waits) await transition(transaction, run, 'cancelled', { data: { cancelAsked: true } });
  else {
    await transaction.run.update({ where: { id: runId }, data: { cancelAsked: true } });
    await appendEvent(transaction, runId, 'cancel-asked');
  }
  await transaction.$executeRaw`SELECT pg_notify(${CANCEL_CHANNEL}, ${runId})`;
  return true;
}
