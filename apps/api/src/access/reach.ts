import { Prisma } from '@espalier/store';
import type { Viewer } from './viewer.ts';

/**
 * What is there for whoever asks: what is the team's, and for a key that is limited to projects what is in these.
 * Data sets and published results are in no project: a team's keys read all of them.
 */
export type Reach = Pick<Viewer, 'teamId' | 'projectIds'>;

/** Null if it is not limited. */
const listed = ({ projectIds }: Reach) => (projectIds === null ? null : { in: [...projectIds] });

/** Networks and experiments. */
export function ownItems(reach: Reach) {
  const projectId = listed(reach);
  return { teamId: reach.teamId, ...(projectId ? { projectId } : {}) };
}

export function ownRuns(reach: Reach) {
  const projectId = listed(reach);
  return { teamId: reach.teamId, ...(projectId ? { AND: { experiment: { projectId } } } : {}) };
}

/** What is in no project and is not for a key that is limited to some. */
export function ownWhole(reach: Reach) {
  return { teamId: reach.teamId, ...(reach.projectIds ? { id: { in: [] } } : {}) };
}

/** As a condition of SQL, on the columns of a row. */
export function reached(reach: Reach, teamId: Prisma.Sql, projectId: Prisma.Sql): Prisma.Sql {
  const own = Prisma.sql`${teamId} = ${reach.teamId}`;
  return reach.projectIds === null
    ? own
    : Prisma.sql`(${own} AND ${projectId} = ANY(${[...reach.projectIds]}))`;
}

/** Of the table as `b`. A benchmark goes across projects: all of it is there, or nothing. */
export function reachedBenchmark({ teamId, projectIds }: Reach): Prisma.Sql {
  const own = Prisma.sql`b."teamId" = ${teamId}`;
  if (projectIds === null) return own;
  // Null for one without experiments.
  return Prisma.sql`(${own} AND coalesce((
    SELECT bool_and(e."projectId" = ANY(${[...projectIds]})) FROM "Experiment" e WHERE e."benchmarkId" = b."id"
  ), false))`;
}

/** One of the team's; a key that is limited to projects has its own ones only. */
export function ownUploads({ teamId, projectIds, apiKeyId }: Reach & Pick<Viewer, 'apiKeyId'>) {
  return { teamId, ...(projectIds ? { apiKeyId } : {}) };
}
