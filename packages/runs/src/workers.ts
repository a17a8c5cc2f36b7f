import type { Transaction, Worker } from '@espalier/store';

/** Where listeners hear that a worker began, ended or was told to drain: the payload is its id. */
export const WORKERS_CHANNEL = 'espalier_workers';

/** A worker that was silent for longer counts as dead. */
const SILENCE_MS = 15_000;

export type WorkerState = 'idle' | 'busy' | 'draining' | 'lost' | 'stopped';

export function workerState(
  { stoppedAt, lastSeenAt, draining }: Pick<Worker, 'stoppedAt' | 'lastSeenAt' | 'draining'>,
  busy: boolean,
  now = new Date(),
): WorkerState {
  if (stoppedAt) return 'stopped';
  if (now.getTime() - lastSeenAt.getTime() > SILENCE_MS) return 'lost';
  if (draining) return 'draining';
  return busy ? 'busy' : 'idle';
}

/** Of workers that were heard of lately, as a condition. */
export function living() {
  return { stoppedAt: null, lastSeenAt: { gt: new Date(Date.now() - SILENCE_MS) } };
}

/** How many workers take jobs, by the name of their engine. */
export async function takersByEngine({
  worker,
}: Pick<Transaction, 'worker'>): Promise<ReadonlyMap<string, number>> {
  const rows = await worker.groupBy({
    by: ['engine'],
    where: { ...living(), draining: false },
    _count: true,
  });
  return new Map(rows.map(({ engine, _count }) => [engine, _count]));
}

/** Tells whoever listens that something about a worker has changed. */
export async function announceWorker(transaction: Pick<Transaction, '$queryRaw'>, id: string): Promise<void> {
  await transaction.$queryRaw`SELECT pg_notify(${WORKERS_CHANNEL}, ${id})::text`;
}
