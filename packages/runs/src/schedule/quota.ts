import { InputError } from '@espalier/errors';
import type { Transaction } from '@espalier/store';
import { OVER } from '../life-cycle/life-cycle.ts';
import type { Queue } from '../queue/queue.ts';
import { lockTurns } from '../queue/turns.ts';

/**
 * Whether a team has no more runs under way than it may, those that the transaction has made among them.
 *
 * @throws {InputError} if it has more: nothing of the transaction is to stay
 */
export async function checkTeamRuns(
  transaction: Transaction,
  { teamRuns }: Queue,
  teamId: string,
): Promise<void> {
  // Of two at a time the second one counts what the first one has made.
  await lockTurns(transaction, teamId);
  const count = await transaction.run.count({
    where: { teamId, origin: 'espalier', state: { notIn: [...OVER] } },
  });
  if (count <= teamRuns) return;
  throw new InputError(
    `a team may have ${teamRuns.toLocaleString('en')} runs under way (ESPALIER_TEAM_RUNS), and these would make ${count.toLocaleString('en')}: start fewer, cancel some, or wait for some to end`,
  );
}
