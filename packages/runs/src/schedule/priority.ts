import type { Transaction } from '@espalier/store';
import { sortTurns } from '../queue/turns.ts';
import { checkPriority } from './scheduling.ts';

/**
 * Says which of a team's runs go first, also among those that wait already.
 *
 * @param priority -100..100; higher ones go first, other teams' turns stay as they are
 * @returns the ids of the runs that are the team's
 * @throws {InputError} for a priority that there is not
 */
export async function setPriority(
  transaction: Transaction,
  teamId: string,
  runIds: readonly string[],
  priority: number,
): Promise<string[]> {
  checkPriority(priority);
  const ids = [...new Set(runIds)].sort();
  await transaction.$queryRaw`SELECT 1 FROM "Run" WHERE id = ANY(${ids}) ORDER BY id FOR UPDATE`;
  const changed = await transaction.run.updateManyAndReturn({
    where: { id: { in: ids }, teamId },
    data: { priority },
    select: { id: true },
  });
  await sortTurns(transaction, teamId);
  return changed.map(({ id }) => id);
}
