import type { Membership, Role, Team, Transaction } from '@espalier/store';
import { requireMember, requireRole } from '../access/viewer.ts';
import { audit } from '../audit.ts';
import { Conflict, NotFound } from '../errors.ts';
import type { Connection } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { filtered } from '../query/conditions.ts';
import { keysetPage, narrowed } from '../query/keyset.ts';
import { MEMBER_CONDITIONS, type MemberListArgs, memberSorting } from './people-filters.ts';
import { memberSource } from './people-reach.ts';

/** Of the team; the newest is whoever came last to the platform. */
export function listMembers(
  { viewer, database }: Context,
  args: MemberListArgs,
): Promise<Connection<Member>> {
  const all = memberSource(requireRole(viewer, 'viewer'));
  const source = narrowed(all, filtered(args.filter ?? {}, MEMBER_CONDITIONS));
  return keysetPage(database.pool, args, source, memberSorting(args.order));
}

export async function changeMemberRole({ viewer, database }: Context, userId: string, role: Role) {
  const admin = requireMember(viewer, 'admin');
  const { teamId } = admin;
  return database.prisma.$transaction(async (transaction) => {
    await requireAnotherAdmin(transaction, teamId, userId, role);
    const changed = await transaction.membership.update({
      where: { teamId_userId: { teamId, userId } },
      data: { role },
    });
    await audit(transaction, admin, 'member.role', userId, { role });
    return memberOf(changed);
  });
}

/** What the member could do by keys and sessions of the team ends at once. Returns the member as it was. */
export async function removeMember({ viewer, database }: Context, userId: string): Promise<Member> {
  const admin = requireMember(viewer, 'admin');
  const { teamId } = admin;
  return database.prisma.$transaction(async (transaction) => {
    await requireAnotherAdmin(transaction, teamId, userId, null);
    const { keys, membership } = await endMembership(transaction, teamId, userId);
    await transaction.session.deleteMany({ where: { userId, activeTeamId: teamId } });
    await audit(transaction, admin, 'member.remove', userId, { keys });
    return memberOf(membership);
  });
}

/** Leaves the team that the session looks at, which then looks at another one, if there is one. */
export async function leaveTeam({ viewer, database }: Context): Promise<Team> {
  const leaving = requireMember(viewer, 'viewer');
  const { teamId, userId } = leaving;
  return database.prisma.$transaction(async (transaction) => {
    await requireAnotherAdmin(transaction, teamId, userId, null);
    const { keys, membership } = await endMembership(transaction, teamId, userId);
    const other = await transaction.membership.findFirst({
      where: { userId },
      orderBy: { createdAt: 'asc' },
    });
    await transaction.session.updateMany({
      where: { userId, activeTeamId: teamId },
      data: { activeTeamId: other?.teamId ?? null },
    });
    await audit(transaction, leaving, 'member.leave', userId, { keys });
    return membership.team;
  });
}

/**
 * Of two administrators that go at the same time, the second one waits here for the first.
 *
 * @param role what the member will be; null for one who goes
 * @throws {FieldError} for somebody who is no member, and for the last administrator
 */
async function requireAnotherAdmin(
  transaction: Transaction,
  teamId: string,
  userId: string,
  role: Role | null,
): Promise<void> {
  await transaction.$queryRaw`SELECT 1 FROM "Team" WHERE id = ${teamId} FOR UPDATE`;
  const member = await transaction.membership.findUnique({ where: { teamId_userId: { teamId, userId } } });
  if (!member) throw new NotFound('there is no such member', 'userId');
  if (member.role !== 'admin' || role === 'admin') return;
  const others = await transaction.membership.count({
    where: { teamId, role: 'admin', userId: { not: userId } },
  });
  if (others === 0)
    throw new Conflict('a team needs an administrator: make somebody else one first', 'userId');
}

/** Returns what there was, and how many keys ended with it. */
async function endMembership(transaction: Transaction, teamId: string, userId: string) {
  const membership = await transaction.membership.delete({
    where: { teamId_userId: { teamId, userId } },
    include: { team: true },
  });
  const { count } = await transaction.apiKey.updateMany({
    where: { teamId, userId, revokedAt: null },
    data: { revokedAt: new Date() },
  });
  return { keys: count, membership };
}

/** A user in a team: of the same user in another one the id is another. */
export type Member = { readonly id: string } & Pick<Membership, 'userId' | 'role' | 'createdAt'>;

function memberOf({ teamId, userId, role, createdAt }: Membership): Member {
  return { id: `member_${teamId}_${userId}`, userId, role, createdAt };
}
