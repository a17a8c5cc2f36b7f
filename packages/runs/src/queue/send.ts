import type { Recomputation, SamplingShard, Transaction } from '@espalier/store';
import { engineOf } from './jobs.ts';
import type { JobToSend, Queue } from './queue.ts';

/** A new job for each of these runs. Older jobs of theirs, wherever they are, claim nothing any more. */
export async function sendRuns(
  transaction: Transaction,
  queue: Queue,
  runs: readonly { readonly id: string }[],
): Promise<void> {
  const ids = runs.map(({ id }) => id);
  const rows = await transaction.run.updateManyAndReturn({
    where: { id: { in: ids } },
    data: { ticket: { increment: 1 } },
    select: { id: true, teamId: true, ticket: true, engine: true },
  });
  const inOrder = new Map(rows.map((row) => [row.id, row]));
  const jobs = ids.flatMap((id): JobToSend[] => {
    const row = inOrder.get(id);
    if (!row) return [];
    const { teamId, ticket } = row;
    return [{ job: { kind: 'run', runId: id, teamId, ticket }, engine: engineOf(row) }];
  });
  await queue.send(transaction, jobs);
}

/** A share of a sampling run, and the team on whose account it is computed. */
export type ShardToSend = Pick<SamplingShard, 'samplingRunId' | 'index'> & { readonly teamId: string };

/** A new job for each of these shares. */
export async function sendShards(
  transaction: Transaction,
  queue: Queue,
  shards: readonly ShardToSend[],
): Promise<void> {
  const jobs: JobToSend[] = [];
  for (const { samplingRunId, index, teamId } of shards) {
    const { ticket, samplingRun } = await transaction.samplingShard.update({
      where: { samplingRunId_index: { samplingRunId, index } },
      data: { ticket: { increment: 1 } },
      select: { ticket: true, samplingRun: { select: { engine: true } } },
    });
    const job = { kind: 'shard' as const, samplingRunId, index, teamId, ticket };
    jobs.push({ job, engine: engineOf(samplingRun) });
  }
  await queue.send(transaction, jobs);
}

/** A new job for this one. */
export async function sendRecomputation(
  transaction: Transaction,
  queue: Queue,
  { id }: Pick<Recomputation, 'id'>,
): Promise<void> {
  const row = await transaction.recomputation.update({
    where: { id },
    data: { ticket: { increment: 1 } },
    select: { ticket: true, teamId: true, engine: true },
  });
  const { ticket, teamId } = row;
  const job = { kind: 'recompute' as const, recomputationId: id, teamId, ticket };
  await queue.send(transaction, [{ job, engine: engineOf(row) }]);
}

/** A new job for a profile that a machine's worker is to measure. */
export async function sendProfiling(transaction: Transaction, queue: Queue, id: string): Promise<void> {
  const { ticket, teamId, host } = await transaction.profiling.update({
    where: { id },
    data: { ticket: { increment: 1 } },
    select: { ticket: true, teamId: true, host: true },
  });
  await queue.sendTo(transaction, host, { kind: 'profiling', profilingId: id, teamId, ticket });
}
