import type { SamplingShard, Transaction } from '@espalier/store';
import type { Job } from './jobs.ts';
import type { Queue } from './queue.ts';

/** A new job for each of these runs. Older jobs of theirs, wherever they are, claim nothing any more. */
export async function sendRuns(
  transaction: Transaction,
  queue: Queue,
  runs: readonly { readonly id: string; readonly teamId: string }[],
): Promise<void> {
  const ids = runs.map(({ id }) => id);
  const rows = await transaction.run.updateManyAndReturn({
    where: { id: { in: ids } },
    data: { ticket: { increment: 1 } },
    select: { id: true, ticket: true },
  });
  const tickets = new Map(rows.map(({ id, ticket }) => [id, ticket]));
  const jobs = runs.map(
    ({ id, teamId }): Job => ({ kind: 'run', runId: id, teamId, ticket: tickets.get(id) ?? 0 }),
  );
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
  const jobs: Job[] = [];
  for (const { samplingRunId, index, teamId } of shards) {
    const { ticket } = await transaction.samplingShard.update({
      where: { samplingRunId_index: { samplingRunId, index } },
      data: { ticket: { increment: 1 } },
      select: { ticket: true },
    });
    jobs.push({ kind: 'shard', samplingRunId, index, teamId, ticket });
  }
  await queue.send(transaction, jobs);
}
