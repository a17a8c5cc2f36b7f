import { newId, type Recomputation, type Transaction } from '@espalier/store';
import { CANCEL_CHANNEL } from '../life-cycle/events.ts';
import type { Queue } from '../queue/queue.ts';
import { sendRecomputation } from '../queue/send.ts';
import { chooseEngine } from './engine.ts';

/** What is to be evaluated again: the network of a run, on so many test images of a data set with pixels. */
type Wanted = Pick<Recomputation, 'teamId' | 'runId' | 'images'> & { readonly datasetId: string };

/** One that waits, with its job. Whoever calls it holds the run's row, and has seen that none is open. */
export async function startRecomputation(
  transaction: Transaction,
  queue: Queue,
  wanted: Wanted,
): Promise<Recomputation> {
  const row = await transaction.recomputation.create({
    data: { ...wanted, id: newId('recomp'), engine: await chooseEngine(transaction) },
  });
  await sendRecomputation(transaction, queue, row);
  return row;
}

/**
 * Ends the one of a run that waits or is at work: its worker writes nothing more about it, and stops computing when it
 * hears of it.
 *
 * @returns false if none is under way
 */
export async function cancelRecomputation(transaction: Transaction, runId: string): Promise<boolean> {
  const ended = await transaction.recomputation.updateManyAndReturn({
    where: { runId, state: { in: ['waiting', 'running'] } },
    data: { state: 'cancelled', workerId: null, finishedAt: new Date() },
    select: { id: true },
  });
  for (const { id } of ended) await transaction.$executeRaw`SELECT pg_notify(${CANCEL_CHANNEL}, ${id})`;
  return ended.length > 0;
}
