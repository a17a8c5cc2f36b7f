import type { PrismaClient } from '@espalier/store';
import { JOB_KINDS, type JobKind, MACHINE_PREFIX, QUEUES } from './jobs.ts';

/** Jobs of one kind. */
interface KindCount {
  readonly kind: JobKind;
  readonly waiting: number;
  readonly active: number;
}

/** What waits in the queue and is at work. */
export interface QueueState {
  readonly byKind: readonly KindCount[];
  /** Of the job that has waited longest; null if none waits. */
  readonly oldestWaitingSeconds: number | null;
}

/** @param teamId of this team only; null for all */
export async function queueState(prisma: PrismaClient, teamId: string | null): Promise<QueueState> {
  const rows = await prisma.$queryRaw<(KindCount & { readonly oldest: number | null })[]>`
    SELECT data->>'kind' AS kind,
      (count(*) FILTER (WHERE state < 'active'))::int AS waiting,
      (count(*) FILTER (WHERE state = 'active'))::int AS active,
      EXTRACT(EPOCH FROM now() - min(created_on) FILTER (WHERE state < 'active'))::float AS oldest
    FROM queue.job
    WHERE (name = ANY(${QUEUES}) OR starts_with(name, ${MACHINE_PREFIX})) AND state <= 'active' AND (${teamId}::text IS NULL OR group_id = ${teamId})
    GROUP BY 1`;
  const byKind = JOB_KINDS.map((kind) => {
    const { waiting = 0, active = 0 } = rows.find((row) => row.kind === kind) ?? {};
    return { kind, waiting, active };
  });
  const oldest = rows.flatMap((row) => row.oldest ?? []);
  return { byKind, oldestWaitingSeconds: oldest.length > 0 ? Math.max(...oldest) : null };
}

/** How many jobs of their team are taken before these runs; a run that has no job waiting is left out. */
export async function jobsAhead(
  prisma: PrismaClient,
  runIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await prisma.$queryRaw<{ readonly id: string; readonly ahead: number }[]>`
    SELECT id, ahead FROM (
      SELECT data->>'runId' AS id,
        (row_number() OVER (PARTITION BY name, group_id ORDER BY priority DESC, created_on) - 1)::int AS ahead
      FROM queue.job WHERE name = ANY(${QUEUES}) AND state < 'active'
    ) waiting
    WHERE id = ANY(${[...runIds]})`;
  return new Map(rows.map(({ id, ahead }) => [id, ahead]));
}
