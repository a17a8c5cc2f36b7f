import { newId, type Team, type Transaction } from '@espalier/store';
import { requireAsker, requireRole, requireSession } from '../access/viewer.ts';
import { audit } from '../audit.ts';
import { NotFound } from '../errors.ts';
import type { Context } from '../graphql/context.ts';
import { checkedName } from '../validation.ts';
import { ownTeamsOf } from './people-reach.ts';

export function ownTeams({ viewer, database }: Context): Promise<Team[]> {
  const where = ownTeamsOf(requireAsker(viewer));
  return database.prisma.team.findMany({ where, orderBy: { id: 'asc' } });
}

/** Makes a team the one that the session looks at. */
export async function switchTeam({ viewer, database }: Context, teamId: string): Promise<Team> {
  const { userId, sessionId } = requireSession(viewer);
  return database.prisma.$transaction(async (transaction) => {
    const found = await transaction.membership.findUnique({
      where: { teamId_userId: { teamId, userId } },
      include: { team: true },
    });
    if (!found) throw new NotFound('there is no such team', 'teamId');
    await lookAt(transaction, sessionId, teamId);
    return found.team;
  });
}

/** A team of the asker's own, which the session then looks at. */
export async function createTeam({ viewer, database }: Context, wanted: string): Promise<Team> {
  const { userId, sessionId } = requireSession(viewer);
  const name = checkedName(wanted);
  return database.prisma.$transaction(async (transaction) => {
    const team = await foundTeam(transaction, userId, name);
    await lookAt(transaction, sessionId, team.id);
    return team;
  });
}

/** What a team is called that nobody has named: its members see whose it is. */
export function teamNameOf(person: string): string {
  return `${person}'s team`;
}

/** A team and its first administrator. */
export async function foundTeam(transaction: Transaction, userId: string, name: string): Promise<Team> {
  const id = newId('team');
  const team = await transaction.team.create({ data: { id, slug: id, name } });
  await transaction.membership.create({ data: { teamId: id, userId, role: 'admin' } });
  await audit(transaction, { teamId: id, userId, apiKeyId: null }, 'team.create', id, { name });
  return team;
}

export async function renameTeam({ viewer, database }: Context, wanted: string): Promise<Team> {
  const admin = requireRole(viewer, 'admin');
  const name = checkedName(wanted);
  const { teamId: id } = admin;
  return database.prisma.$transaction(async (transaction) => {
    const team = await transaction.team.update({ where: { id }, data: { name } });
    await audit(transaction, admin, 'team.rename', id, { name });
    return team;
  });
}

export async function lookAt(
  transaction: Transaction,
  sessionId: string,
  activeTeamId: string,
): Promise<void> {
  await transaction.session.updateMany({ where: { id: sessionId }, data: { activeTeamId } });
}
