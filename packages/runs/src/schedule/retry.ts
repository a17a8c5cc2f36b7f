import type { Run, Transaction } from '@espalier/store';
import { transition } from '../life-cycle/transition.ts';
import type { Queue } from '../queue/queue.ts';
import { type ShardToSend, sendRuns, sendShards } from '../queue/send.ts';
import { chooseEngine } from './engine.ts';
import { checkTeamRuns } from './quota.ts';
import { samplingsFor } from './sampling.ts';
import { withContext } from './scheduling.ts';

/**
 * Sends runs that failed or were cancelled on their way again, from the beginning: the sampling that they use
 * is found or tried again, too, with the engine of those who work now. Others, and those in the trash, are left as they
 * are.
 *
 * @returns those that go again
 * @throws {InputError} if these are more than a team may have under way
 */
export async function retryRuns(
  transaction: Transaction,
  queue: Queue,
  runIds: readonly string[],
): Promise<Run[]> {
  const ids = [...new Set(runIds)].sort();
  await transaction.$queryRaw`SELECT 1 FROM "Run" WHERE id = ANY(${ids}) ORDER BY id FOR UPDATE`;
  const runs = await transaction.run.findMany({
    // What was imported is not computed here.
    where: { id: { in: ids }, origin: 'espalier', state: { in: ['failed', 'cancelled'] }, deletedAt: null },
    include: { experiment: { include: withContext } },
    orderBy: { id: 'asc' },
  });
  const experiments = new Map(runs.map(({ experiment }) => [experiment.id, experiment]));
  const shards: ShardToSend[] = [];
  const engine = await chooseEngine(transaction);
  for (const [experimentId, experiment] of experiments) {
    const own = runs.filter((run) => run.experimentId === experimentId);
    const samplings = await samplingsFor(transaction, experiment, own, engine);
    shards.push(...samplings.open);
    for (const run of own) {
      const sampling = samplings.of(run);
      const state = sampling && sampling.state !== 'done' ? 'sampling' : 'queued';
      await transition(transaction, run, state, {
        event: { reason: 'retried' },
        data: {
          samplingRunId: sampling?.id ?? null,
          engine,
          // Whoever still works at it has lost it.
          claim: { increment: 1 },
          ...{ error: null, cancelAsked: false, workerId: null },
          ...{ startedAt: null, finishedAt: null, heartbeatAt: null, computeSeconds: 0 },
        },
      });
    }
  }
  const again = await transaction.run.findMany({
    where: { id: { in: runs.map(({ id }) => id) } },
    orderBy: { id: 'asc' },
  });
  await sendShards(transaction, queue, shards);
  await sendRuns(
    transaction,
    queue,
    again.filter(({ state }) => state === 'queued'),
  );
  for (const teamId of [...new Set(again.map((run) => run.teamId))].sort()) {
    await checkTeamRuns(transaction, queue, teamId);
  }
  return again;
}
