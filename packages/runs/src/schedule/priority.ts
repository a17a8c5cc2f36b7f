import { sortTurns } from '../queue/turns.ts';
import { type Also, checkPriority, type Scheduling } from './scheduling.ts';

/**
 * Says which of a team's runs go first, also among those that wait already.
 *
 * @param priority -100..100; higher ones go first, other teams' turns stay as they are
 * @returns the ids of the runs that are the team's
 * @throws {InputError} for a priority that there is not
 */
export async function setPriority(
  { prisma }: Pick<Scheduling, 'prisma'>,
  teamId: string,
  runIds: readonly string[],
  priority: number,
  also: Also<string[]> = async () => {},
): Promise<string[]> {
  checkPriority(priority);
  return prisma.$transaction(async (transaction) => {
    const ids = [...new Set(runIds)].sort();
    await transaction.$queryRaw`SELECT 1 FROM "Run" WHERE id = ANY(${ids}) ORDER BY id FOR UPDATE`;
    const changed = await transaction.run.updateManyAndReturn({
      where: { id: { in: ids }, teamId },
      data: { priority },
      select: { id: true },
    });
    const changedIds = changed.map(({ id }) => id);
    if (changedIds.length > 0) await also(transaction, changedIds);
    await sortTurns(transaction, teamId);
    return changedIds;
  });
}
