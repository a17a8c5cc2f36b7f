import type { Prisma, Run, RunState, Transaction } from '@espalier/store';
import { tellWebhooks } from '../webhooks/outbox.ts';
import type { NewEvent } from './event-data.ts';
import { appendEvent } from './events.ts';
import { isOver, mayFollow } from './life-cycle.ts';

interface Change {
  /** What changes with the state. */
  readonly data?: Omit<Prisma.RunUncheckedUpdateInput, 'state' | 'events'>;
  /** An event that says more than the new state, or what else that of the new state tells. */
  readonly event?: NewEvent<'claimed' | 'sampled'> | Omit<NewEvent<'state'>, 'kind' | 'state'>;
}

/**
 * Moves a run on and appends the event that tells of it. Whoever calls it holds the run's row. Nothing else writes
 * a state, but the creation of a run the first one.
 *
 * @throws {Error} where the life cycle has no such step
 */
export async function transition(
  transaction: Transaction,
  run: Pick<Run, 'id' | 'state'>,
  next: RunState,
  { data = {}, event = {} }: Change = {},
): Promise<void> {
  const told: NewEvent = 'kind' in event ? event : { kind: 'state', state: next, ...event };
  // Written already, by a transaction whose commit was not answered.
  if (run.state === next && told.kind === 'state') return;
  if (!mayFollow(run.state, next)) throw new Error(`a run that is ${run.state} cannot become ${next}`);
  await transaction.run.update({
    where: { id: run.id },
    data: {
      state: next,
      // Each stage counts something of its own.
      done: 0,
      total: 0,
      since: null,
      sinceDone: 0,
      ...(isOver(next) ? { finishedAt: new Date(), workerId: null } : {}),
      ...data,
    },
  });
  await appendEvent(transaction, run.id, told);
  if (isOver(next)) await tellWebhooks(transaction, run.id, next);
}
