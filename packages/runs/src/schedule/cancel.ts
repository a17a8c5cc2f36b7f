import type { Transaction } from '@espalier/store';
import { lockedRun } from '../claims/claims.ts';
import { CANCEL_CHANNEL } from '../life-cycle/events.ts';
import { isOver } from '../life-cycle/life-cycle.ts';
import { transition } from '../life-cycle/transition.ts';

/**
 * Ends runs: once the transaction is committed they are cancelled and stay so, also those at work. Their workers write
 * nothing more about them, and stop computing when they hear of it.
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
  // A worker that misses the notification looks for it.
  await transition(transaction, run, 'cancelled', { data: { cancelAsked: true } });
  await transaction.$executeRaw`SELECT pg_notify(${CANCEL_CHANNEL}, ${runId})`;
  return true;
}
