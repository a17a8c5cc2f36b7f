import { newId, type Recomputation, type Transaction } from '@espalier/store';
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
