import { groupedBy } from '@espalier/comparison';
import { cancelRuns, OVER, SCHEDULING } from '@espalier/runs';
import type { Run, Team } from '@espalier/store';
import { requireOperator } from '../access/viewer.ts';
import { auditEach } from '../audit.ts';
import { FieldError, NotFound } from '../errors.ts';
import type { Context } from '../graphql/context.ts';

const MOST_AT_ONCE = 500;
const MOST_LISTED = 1000;

type LoadRun = Pick<Run, 'id' | 'state' | 'createdAt' | 'startedAt'>;
/** Nothing of what is in it. */
const LOAD_RUN = { id: true, state: true, createdAt: true, startedAt: true } as const;

/** What a team has under way. */
export interface TeamLoad {
  readonly team: Pick<Team, 'id' | 'name'>;
  readonly runs: readonly LoadRun[];
}

/** Of each team that has runs under way, the oldest first; the oldest 1,000 runs of all. */
export async function loadByTeam({ database }: Context): Promise<TeamLoad[]> {
  const runs = await database.prisma.run.findMany({
    where: { origin: 'espalier', state: { notIn: [...OVER] }, deletedAt: null },
    select: { ...LOAD_RUN, team: { select: { id: true, name: true } } },
    orderBy: { id: 'asc' },
    take: MOST_LISTED,
  });
  const loads = groupedBy(runs, ({ team }) => team.id);
  return [...loads.values()].flatMap((own) => (own[0] ? [{ team: own[0].team, runs: own }] : []));
}

/**
 * Ends runs of whatever team; those that are over already are skipped. Each team's audit log says that an operator did.
 *
 * @throws {FieldError} for too many, or one that there is not: then nothing is changed
 */
export async function endRuns(
  { viewer, database }: Context,
  ids: readonly string[],
): Promise<{ loadRuns: LoadRun[]; skipped: LoadRun[] }> {
  const { userId, apiKeyId } = requireOperator(viewer);
  if (ids.length > MOST_AT_ONCE) throw new FieldError(`at most ${MOST_AT_ONCE} runs at once`, 'ids');
  return database.prisma.$transaction(async (transaction) => {
    const found = await transaction.run.findMany({
      where: { id: { in: [...ids] } },
      select: { id: true, teamId: true },
    });
    const missing = ids.find((id) => !found.some((run) => run.id === id));
    if (missing !== undefined) throw new NotFound('there is no such run', 'ids');
    const ended = new Set(await cancelRuns(transaction, ids));
    for (const [teamId, own] of groupedBy(found, ({ teamId }) => teamId)) {
      const subjects = own.map(({ id }) => id).filter((id) => ended.has(id));
      await auditEach(transaction, { teamId, userId, apiKeyId }, 'run.cancel', subjects, { operator: true });
    }
    const runs = await transaction.run.findMany({
      where: { id: { in: [...ids] } },
      select: LOAD_RUN,
      orderBy: { id: 'asc' },
    });
    return {
      loadRuns: runs.filter(({ id }) => ended.has(id)),
      skipped: runs.filter(({ id }) => !ended.has(id)),
    };
  }, SCHEDULING);
}
