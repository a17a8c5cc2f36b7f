import type { Transaction } from '@espalier/store';
import { isOver } from '../life-cycle/life-cycle.ts';
import { webhookMessage } from './message.ts';

/** What is sent of an experiment whose runs are all over; null while one is not, or if there is none. */
export async function doneMessage(transaction: Transaction, experimentId: string): Promise<string | null> {
  const counts = await transaction.run.groupBy({
    by: ['state'],
    where: { experimentId, deletedAt: null },
    _count: true,
  });
  if (counts.length === 0 || counts.some(({ state }) => !isOver(state))) return null;
  const experiment = await transaction.experiment.findUnique({
    where: { id: experimentId },
    select: { id: true, name: true, projectId: true },
  });
  if (!experiment) return null;
  const of = (wanted: string) => counts.find(({ state }) => state === wanted)?._count ?? 0;
  const runs = { finished: of('finished'), failed: of('failed'), cancelled: of('cancelled') };
  return webhookMessage('experiment.done', { experiment, runs });
}
