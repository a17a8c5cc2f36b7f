import type { Prisma, Transaction } from '@espalier/store';
import { plain } from '../plain.ts';
import type { NewEvent } from './event-data.ts';

/** Where listeners hear of new events: the payload is the run's id. */
export const EVENTS_CHANNEL = 'espalier_run_events';
/** Where listeners hear that a run or a sampling has got on: the payload is its id. */
export const PROGRESS_CHANNEL = 'espalier_progress';
/** Where workers hear that a run is to be cancelled: the payload is the run's id. */
export const CANCEL_CHANNEL = 'espalier_cancel';

/** Appends to a run's events, numbered without gaps, and tells whoever listens once it is committed. */
export async function appendEvent(transaction: Transaction, runId: string, event: NewEvent): Promise<void> {
  // The run's row is locked: two events of a run never get the same number.
  await transaction.$queryRaw`SELECT 1 FROM "Run" WHERE id = ${runId} FOR UPDATE`;
  const last = await transaction.runEvent.aggregate({ where: { runId }, _max: { seq: true } });
  await transaction.runEvent.create({ data: eventRow(runId, (last._max.seq ?? 0) + 1, event) });
  await announce(transaction, [runId]);
}

export function eventRow(runId: string, seq: number, { kind, ...data }: NewEvent): NewRow {
  return { runId, seq, kind, data: plain(data) };
}

type NewRow = Omit<Prisma.RunEventCreateManyInput, 'data'> & { readonly data: Prisma.InputJsonObject };

/** Tells whoever listens how far a run or a sampling is by now. */
export async function announceProgress(
  transaction: Pick<Transaction, '$queryRaw'>,
  id: string,
): Promise<void> {
  await transaction.$queryRaw`SELECT pg_notify(${PROGRESS_CHANNEL}, ${id})::text`;
}

/** Tells whoever listens that these runs have new events. */
export async function announce(transaction: Transaction, runIds: readonly string[]): Promise<void> {
  await transaction.$queryRaw`SELECT pg_notify(${EVENTS_CHANNEL}, id)::text FROM unnest(${runIds}::text[]) AS id`;
}
