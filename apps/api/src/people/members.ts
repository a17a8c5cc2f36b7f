import type { Membership, Role, Transaction, User } from '@espalier/store';
import { requireMember, requireRole } from '../access/viewer.ts';
import { audit } from '../audit.ts';
import { FieldError } from '../errors.ts';
import { type PageArgs, page } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';

/** Of the team, whoever came last to the platform first. */
export function listMembers({ viewer, database }: Context, args: PageArgs) {
  const { teamId } = requireRole(viewer, 'viewer');
  const { membership } = database.prisma;
  return page(
    args,
    async ({ take, where: { id } }) => {
      const found = await membership.findMany({
        take,
        where: { teamId, ...(id ? { userId: id } : {}) },
        include: { user: true },
        orderBy: { userId: 'desc' },
      });
      return found.map(memberOf);
    },
    () => membership.count({ where: { teamId } }),
  );
}

export async function changeMemberRole({ viewer, database }: Context, userId: string, role: Role) {
  const admin = requireMember(viewer, 'admin');
  const { teamId } = admin;
  return database.prisma.$transaction(async (transaction) => {
    await requireAnotherAdmin(transaction, teamId, userId, role);
    const changed = await transaction.membership.update({
      where: { teamId_userId: { teamId, userId } },
      data: { role },
      include: { user: true },
    });
    await audit(transaction, admin, 'member.role', userId, { role });
    return memberOf(changed);
  });
}

/** What the member could do by keys and sessions of the team ends at once. */
export async function removeMember({ viewer, database }: Context, userId: string): Promise<{ id: string }> {
  const admin = requireMember(viewer, 'admin');
  const { teamId } = admin;
  return database.prisma.$transaction(async (transaction) => {
    await requireAnotherAdmin(transaction, teamId, userId, null);
    const keys = await endMembership(transaction, teamId, userId);
    await transaction.session.deleteMany({ where: { userId, activeTeamId: teamId } });
    await audit(transaction, admin, 'member.remove', userId, { keys });
    return { id: userId };
  });
}

/** Leaves the team that the session looks at, which then looks at another one, if there is one. */
export async function leaveTeam({ viewer, database }: Context): Promise<{ id: string }> {
  const leaving = requireMember(viewer, 'viewer');
  const { teamId, userId } = leaving;
  return database.prisma.$transaction(async (transaction) => {
    await requireAnotherAdmin(transaction, teamId, userId, null);
    const keys = await endMembership(transaction, teamId, userId);
    const other = await transaction.membership.findFirst({
      where: { userId },
      orderBy: { createdAt: 'asc' },
    });
    await transaction.session.updateMany({
      where: { userId, activeTeamId: teamId },
      data: { activeTeamId: other?.teamId ?? null },
    });
    await audit(transaction, leaving, 'member.leave', userId, { keys });
    return { id: teamId };
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
  if (!member) throw new FieldError('there is no such member', 'userId');
  if (member.role !== 'admin' || role === 'admin') return;
  const others = await transaction.membership.count({
    where: { teamId, role: 'admin', userId: { not: userId } },
  });
  if (others === 0)
    throw new FieldError('a team needs an administrator: make somebody else one first', 'userId');
}

/** Returns how many keys ended with it. */
async function endMembership(transaction: Transaction, teamId: string, userId: string): Promise<number> {
  await transaction.membership.delete({ where: { teamId_userId: { teamId, userId } } });
  const { count } = await transaction.apiKey.updateMany({
    where: { teamId, userId, revokedAt: null },
    data: { revokedAt: new Date() },
  });
  return count;
}

/** A user in a team; the id is the user's. */
function memberOf({ user, role, createdAt }: Membership & { readonly user: User }) {
  const { id, name, email } = user;
  return { id, name, email, role, createdAt };
}
