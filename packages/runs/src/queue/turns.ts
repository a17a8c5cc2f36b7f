import type { Transaction } from '@espalier/store';
import { QUEUES } from './jobs.ts';

// Who is next among those that wait for workers of one engine. pg-boss takes the job with the highest priority; ours
// is a turn with its sign changed. The teams' jobs use turns that count seconds (start-time fair queueing,
// docs/adr/0012): however many jobs a team has sent, and however long they take, the team that has used less comes
// next.

/** Seconds that a team may be behind the others when it comes back: what it has not used longer ago is forgotten. */
const CREDIT = 1800;
/** pg-boss keeps priorities as 32 bits: behind this all turns are equal. */
const LAST_TURN = 2_000_000_000;

/** The turns of a team's next `count` jobs, in order, each 0 or more. Nobody else of the team gets any meanwhile. */
export async function nextTurns(
  transaction: Transaction,
  queue: string,
  teamId: string,
  count: number,
): Promise<number[]> {
  await lockTurns(transaction, teamId);
  const [found] = await transaction.$queryRaw<[{ turn: number }]>`
    WITH known AS (
      SELECT max(turn) AS last, max(turn) FILTER (WHERE "teamId" = ${teamId}) AS own
      FROM "TeamTurn" WHERE queue = ${queue}
    ), jobs AS (
      SELECT min(-priority) FILTER (WHERE state < 'active') AS waiting,
        max(-priority) FILTER (WHERE state = 'active') AS active,
        1 + max(-priority) FILTER (WHERE group_id = ${teamId}) AS own
      FROM queue.job WHERE name = ${queue} AND state <= 'active'
    )
    SELECT LEAST(${LAST_TURN}, GREATEST(
      -- Where the others are: what will be taken next, or where the last one has come to.
      COALESCE(waiting, GREATEST(active, last), 0) - CASE WHEN known.own IS NULL THEN 0 ELSE ${CREDIT} END,
      known.own,
      jobs.own
    ))::int AS turn
    FROM known, jobs`;
  return Array.from({ length: count }, (_, i) => Math.min(LAST_TURN, found.turn + i));
}

/** What a worker has computed for a team since it told so last. */
export interface Use {
  readonly queue: string;
  readonly teamId: string;
  /** Of the job. */
  readonly turn: number;
  /** Whole ones. */
  readonly seconds: number;
}

/**
 * Puts seconds on a team's account: all that waits of it moves back by them.
 *
 * @returns by how many seconds the team is ahead of the one that waits and has used least; 0 where no other one waits
 */
export async function bookSeconds(
  transaction: Transaction,
  { queue, teamId, turn, seconds }: Use,
): Promise<number> {
  await lockTurns(transaction, teamId);
  const [account] = await transaction.$queryRaw<[{ turn: number }]>`
    INSERT INTO "TeamTurn" AS known (queue, "teamId", turn) VALUES (${queue}, ${teamId}, ${turn + seconds})
    ON CONFLICT (queue, "teamId") DO UPDATE SET turn = LEAST(${LAST_TURN}, GREATEST(known.turn, ${turn}) + ${seconds})
    RETURNING turn`;
  // What waits keeps its order, and begins no sooner than there. What is at work goes there should it be tried again.
  const from = Math.ceil(account.turn);
  await transaction.$executeRaw`
    WITH next AS (
      SELECT min(-priority) AS turn FROM queue.job
      WHERE name = ${queue} AND group_id = ${teamId} AND state < 'active'
    )
    UPDATE queue.job SET priority =
      CASE WHEN state = 'active' THEN LEAST(priority, -${from}::int) ELSE priority - (${from}::int - next.turn) END
    FROM next
    WHERE name = ${queue} AND group_id = ${teamId} AND
      (state = 'active' OR (state < 'active' AND next.turn < ${from}))`;
  const [other] = await transaction.$queryRaw<[{ turn: number | null }]>`
    SELECT min(-priority)::int AS turn FROM queue.job
    WHERE name = ${queue} AND group_id <> ${teamId} AND state < 'active'`;
  return other.turn === null ? 0 : Math.max(0, account.turn - other.turn);
}

/**
 * Hands the turns that a team's waiting jobs have out again: by the priority of their runs, then by age. A share
 * of a sampling counts as much as the foremost run that waits for it; a recomputation goes behind runs of priority 0.
 * Other teams are not concerned.
 */
export async function sortTurns(transaction: Transaction, teamId: string): Promise<void> {
  await lockTurns(transaction, teamId);
  await transaction.$executeRaw`
    WITH waiting AS (
      SELECT job.name, job.id, job.priority AS turn,
        COALESCE(run.priority, sampled.priority, 0) AS wanted,
        COALESCE(run.id, sampled.id) AS since,
        (job.data->>'index')::int AS share,
        job.data->>'recomputationId' AS recomputation
      FROM queue.job
      LEFT JOIN "Run" run ON run.id = job.data->>'runId'
      LEFT JOIN LATERAL (
        SELECT max(priority) AS priority, min(id) AS id FROM "Run"
        WHERE "samplingRunId" = job.data->>'samplingRunId' AND state = 'sampling'
      ) sampled ON job.data->>'kind' = 'shard'
      WHERE job.name = ANY(${QUEUES}) AND job.state = 'created' AND job.group_id = ${teamId}
      FOR UPDATE OF job SKIP LOCKED
    ), wished AS (
      SELECT name, id, row_number() OVER (PARTITION BY name ORDER BY wanted DESC, since, share, recomputation, id) AS place
      FROM waiting
    ), turns AS (
      SELECT name, turn, row_number() OVER (PARTITION BY name ORDER BY turn DESC) AS place FROM waiting
    )
    UPDATE queue.job SET priority = turns.turn
    FROM wished JOIN turns USING (name, place)
    WHERE job.name = wished.name AND job.id = wished.id AND job.priority <> turns.turn`;
}

/** Held to the end of the transaction. The last lock that a transaction takes, so that no two wait in a circle. */
export async function lockTurns(transaction: Transaction, teamId: string): Promise<void> {
  await transaction.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`turns/${teamId}`}, 0))`;
}
