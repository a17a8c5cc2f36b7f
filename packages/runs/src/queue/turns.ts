import type { Transaction } from '@espalier/store';
import { QUEUES } from './jobs.ts';

// Who is next among those that wait for workers of one engine. pg-boss takes the job with the highest priority; ours is a turn with its sign changed. The teams'
// jobs go by turns (start-time fair queueing, docs/adr/0012): however many jobs a team has sent, another team's
// next job is at most one turn away.

/** The turns of a team's next `count` jobs, in order, each 0 or more. Nobody else of the team gets any meanwhile. */
export async function nextTurns(
  transaction: Transaction,
  queue: string,
  teamId: string,
  count: number,
): Promise<number[]> {
  await lockTurns(transaction, teamId);
  const [found] = await transaction.$queryRaw<[{ turn: number }]>`
    SELECT GREATEST(
      -- Where the others are: what will be taken next, or was taken last.
      COALESCE(
        min(-priority) FILTER (WHERE state = 'created'),
        max(-priority) FILTER (WHERE state = 'active'),
        0
      ),
      1 + max(-priority) FILTER (WHERE group_id = ${teamId})
    )::int AS turn
    FROM queue.job
    WHERE name = ${queue} AND state <= 'active'`;
  return Array.from({ length: count }, (_, i) => found.turn + i);
}

/**
 * Hands the turns that a team's waiting jobs have out again: by the priority of their runs, then by age. A share
 * of a sampling counts as much as the foremost run that waits for it. Other teams are not concerned.
 */
export async function sortTurns(transaction: Transaction, teamId: string): Promise<void> {
  await lockTurns(transaction, teamId);
  await transaction.$executeRaw`
    WITH waiting AS (
      SELECT job.name, job.id, job.priority AS turn,
        COALESCE(run.priority, sampled.priority, 0) AS wanted,
        COALESCE(run.id, sampled.id) AS since,
        (job.data->>'index')::int AS share
      FROM queue.job
      LEFT JOIN "Run" run ON run.id = job.data->>'runId'
      LEFT JOIN LATERAL (
        SELECT max(priority) AS priority, min(id) AS id FROM "Run"
        WHERE "samplingRunId" = job.data->>'samplingRunId' AND state = 'sampling'
      ) sampled ON job.data->>'kind' = 'shard'
      WHERE job.name = ANY(${QUEUES}) AND job.state = 'created' AND job.group_id = ${teamId}
      FOR UPDATE OF job SKIP LOCKED
    ), wished AS (
      SELECT name, id, row_number() OVER (PARTITION BY name ORDER BY wanted DESC, since, share, id) AS place
      FROM waiting
    ), turns AS (
      SELECT name, turn, row_number() OVER (PARTITION BY name ORDER BY turn DESC) AS place FROM waiting
    )
    UPDATE queue.job SET priority = turns.turn
    FROM wished JOIN turns USING (name, place)
    WHERE job.name = wished.name AND job.id = wished.id AND job.priority <> turns.turn`;
}

/** Held to the end of the transaction. The last lock that a transaction takes, so that no two wait in a circle. */
async function lockTurns(transaction: Transaction, teamId: string): Promise<void> {
  await transaction.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`turns/${teamId}`}, 0))`;
}
